import type { JsonObject } from '../../base/json.js';
import type { SessionSettings, TurnDetection } from '../../contract/settings.js';
import type { Family } from './families.js';

/** What the server accepts as the silence that ends a turn. */
export const silenceRangeMs = { least: 200, most: 6000 } as const;
/** Below 2, which is refused. */
const highestTemperature = 1.99;

/** The session object with what this service wants otherwise. */
export function dashscopeSession(session: JsonObject, settings: SessionSettings, family: Family): JsonObject {
  const { turnDetection, transcription, temperature } = settings;
  return {
    ...session,
    turn_detection: turnDetection && turnDetectionObject(turnDetection, family),
    // The model is fixed, and nothing else can be said to it.
    input_audio_transcription:
      transcription === undefined || family.transcriptionModel === null
        ? undefined
        : { model: family.transcriptionModel },
    // No limit is what it has by itself.
    max_tokens: session.max_tokens === 'inf' ? undefined : session.max_tokens,
    temperature: temperature === undefined ? undefined : Math.min(temperature, highestTemperature),
    ...search(session, settings),
  };
}

/** Searching the web and our own tools exclude each other; who asks for the search gets it. */
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
