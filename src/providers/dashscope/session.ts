import type { JsonObject } from '../../base/json.js';
import type { SessionSettings, TurnDetection } from '../../contract/settings.js';
import type { Family } from './families.js';

/** The range the server accepts for the silence that ends a turn. */
export const silenceRangeMs = { least: 200, most: 6000 } as const;
/** The server refuses 2. */
const highestTemperature = 1.99;

/** The session object with the differences of this service. */
export function dashscopeSession(session: JsonObject, settings: SessionSettings, family: Family): JsonObject {
  const { turnDetection, transcription, temperature } = settings;
  return {
    ...session,
    turn_detection: turnDetection && turnDetectionObject(turnDetection, family),
    // The model is fixed and has no other settings.
    input_audio_transcription:
      transcription === undefined || family.transcriptionModel === null
        ? undefined
        : { model: family.transcriptionModel },
    // Without the field there is no limit.
    max_tokens: session.max_tokens === 'inf' ? undefined : session.max_tokens,
    temperature: temperature === undefined ? undefined : Math.min(temperature, highestTemperature),
    ...search(session, settings),
  };
}

/** Web search and our tools exclude each other; if the search is asked for, it wins. */
function search(session: JsonObject, { serverTools }: SessionSettings): JsonObject {
  if (serverTools === undefined) return { tools: session.tools };
  const enabled = serverTools.some(({ type }) => type === 'web_search');
  return { enable_search: enabled, tools: enabled ? undefined : session.tools };
}

function turnDetectionObject(turns: TurnDetection, family: Family): JsonObject | null {
  const defaults = family.detection ?? undefined;
  switch (turns.type) {
    case 'none':
    case 'client':
      return null;
    case 'semantic':
      if (family.semanticTurns !== null) return { type: family.semanticTurns };
      return { type: 'server_vad', threshold: defaults?.threshold, silence_duration_ms: defaults?.silenceMs };
    case 'server':
      return {
        type: 'server_vad',
        threshold: turns.threshold ?? defaults?.threshold,
        prefix_padding_ms: turns.prefixPaddingMs,
        silence_duration_ms: silenceMs(turns.silenceMs ?? defaults?.silenceMs),
        idle_timeout_ms: family.idleTimeout ? turns.idleTimeoutMs : undefined,
      };
  }
}

function silenceMs(asked: number | undefined): number | undefined {
  if (asked === undefined) return undefined;
  return Math.min(Math.max(asked, silenceRangeMs.least), silenceRangeMs.most);
}
