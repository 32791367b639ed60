import { isObject, type JsonObject } from '../../base/json.js';
import type { SessionSettings, TurnDetection } from '../../contract/settings.js';

/** Ranges the server accepts; it refuses an update with any value outside of them. */
export const thresholds = { least: 0.1, most: 0.9 } as const;
export const longestSilenceMs = 10_000;
export const speeds = { least: 0.7, most: 1.5 } as const;

/** The session object with xAI's differences. `first`: the first one of a connection. */
export function xaiSession(session: JsonObject, settings: SessionSettings, first: boolean): JsonObject {
  const { reasoningEffort } = settings;
  // A new session does not detect turns until asked to.
  const turnDetection = settings.turnDetection ?? (first ? { type: 'server' } : undefined);
  return {
    ...session,
    // Required on every connection that is to be resumable.
    resumption: { enabled: true },
    turn_detection: turnDetection && turnDetectionObject(turnDetection),
    reasoning: reasoningEffort && { effort: knownEffort(reasoningEffort) },
    audio: isObject(session.audio) ? audioObject(session.audio, settings) : undefined,
  };
}

function turnDetectionObject(turns: TurnDetection): JsonObject {
  switch (turns.type) {
    case 'none':
    case 'client':
      return { type: null };
    case 'semantic':
      return { type: 'server_vad' };
    case 'server': {
      const { threshold, silenceMs } = turns;
      return {
        type: 'server_vad',
        threshold: threshold === undefined ? undefined : clamp(threshold, thresholds),
        prefix_padding_ms: turns.prefixPaddingMs,
        silence_duration_ms: silenceMs === undefined ? undefined : Math.min(silenceMs, longestSilenceMs),
        idle_timeout_ms: turns.idleTimeoutMs,
      };
    }
  }
}

/** The only two efforts are `none` and `high`. */
export function knownEffort(effort: NonNullable<SessionSettings['reasoningEffort']>): 'none' | 'high' {
  return effort === 'none' || effort === 'minimal' || effort === 'low' ? 'none' : 'high';
}

function audioObject(audio: JsonObject, { transcription, speed }: SessionSettings): JsonObject {
  const { input, output } = audio;
  return {
    input: isObject(input)
      ? { ...input, transcription: transcriptionObject(input, transcription) }
      : undefined,
    output: isObject(output) && speed !== undefined ? { ...output, speed: clamp(speed, speeds) } : output,
  };
}

/** The model is required: without it there is only the final transcript. */
function transcriptionObject(
  input: JsonObject,
  asked: SessionSettings['transcription'],
): JsonObject | undefined {
  if (asked === undefined || !isObject(input.transcription)) return undefined;
  return { model: input.transcription.model, language_hint: asked.language, keyterms: asked.keywords };
}

export function clamp(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(Math.max(value, least), most);
}
