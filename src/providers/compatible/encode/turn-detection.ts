import type { JsonObject } from '../../../base/json.js';
import type { TurnDetection } from '../../../contract/settings.js';
import type { Switches } from '../switches.js';

/** The `turn_detection` object. Null, or the vendor's value for it, means that we end turns ourselves. */
export function turnDetectionObject(
  turns: TurnDetection | undefined,
  { noTurnDetection, semanticTurns, turnsSayWhatFollows }: Switches,
): JsonObject | null | undefined {
  switch (turns?.type) {
    case undefined:
      return undefined;
    case 'none':
    case 'client':
      return noTurnDetection;
    case 'server':
      return {
        type: 'server_vad',
        threshold: turns.threshold,
        prefix_padding_ms: turns.prefixPaddingMs,
        silence_duration_ms: turns.silenceMs,
        idle_timeout_ms: turns.idleTimeoutMs,
        ...(turnsSayWhatFollows && whatFollows(turns)),
      };
    case 'semantic':
      return {
        type: semanticTurns,
        eagerness: turns.eagerness,
        ...(turnsSayWhatFollows && whatFollows(turns)),
      };
  }
}

/** The defaults are sent too: our profile promises that the server answers and interrupts by itself. */
function whatFollows({
  createResponse = true,
  interruptResponse = true,
}: Extract<TurnDetection, { type: 'server' | 'semantic' }>): JsonObject {
  return { create_response: createResponse, interrupt_response: interruptResponse };
}
