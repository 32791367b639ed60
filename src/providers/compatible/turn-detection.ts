import type { TurnDetection } from '../../conversation/settings.js';
import type { Switches } from './switches.js';
import type { WireObject } from './wire.js';

/** Null, or what stands for it, means that we end the turns ourselves. */
export function turnDetectionObject(
  turns: TurnDetection | undefined,
  { noTurnDetection, semanticTurns, turnsSayWhatFollows }: Switches,
): WireObject | null | undefined {
  // The defaults, said aloud: our profile promises that the server answers and interrupts by itself.
  const itself = turnsSayWhatFollows ? { create_response: true, interrupt_response: true } : {};
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
        ...itself,
      };
    case 'semantic':
      return { type: semanticTurns, eagerness: turns.eagerness, ...itself };
  }
}
