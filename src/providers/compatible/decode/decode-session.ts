import {
  isObject,
  type JsonObject,
  optionalNumber,
  optionalObject,
  optionalText,
  requireList,
  requireObject,
  requireText,
} from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';

export function decodeSessionCreated(frame: JsonObject): ModelEvent[] {
  const session = requireObject(frame, 'session');
  // The published types of the session have no id, so servers built on them send none.
  const sessionId = optionalText(session, 'id') ?? optionalText(frame, 'event_id') ?? 'unnamed';
  return [{ type: 'session.created', sessionId, ...effective(session) }];
}

export function decodeSessionUpdated(frame: JsonObject): ModelEvent[] {
  const session = requireObject(frame, 'session');
  return [{ type: 'session.updated', ...effective(session), transcribes: transcribes(session) }];
}

/** Null means "no", absent means "not said". */
function transcribes(session: JsonObject): false | undefined {
  const audio = isObject(session.audio) ? session.audio : {};
  const input = isObject(audio.input) ? audio.input : {};
  const off = input.transcription === null || session.input_audio_transcription === null;
  return off ? false : undefined;
}

function effective(session: JsonObject) {
  const audio = optionalObject(session, 'audio');
  // At the top level in the beta's shape, and of one vendor also in the nested one.
  const voice = (audio && optionalObject(audio, 'output'))?.voice ?? session.voice;
  const expiresAtS = optionalNumber(session, 'expires_at');
  return {
    model: optionalText(session, 'model'),
    // A custom voice is an object with an id, and Azure's Voice Live has only names.
    voice: isObject(voice)
      ? (optionalText(voice, 'id') ?? optionalText(voice, 'name'))
      : typeof voice === 'string'
        ? voice
        : undefined,
    // 0 has been seen for "never".
    expiresAtMs: expiresAtS === undefined || expiresAtS <= 0 ? undefined : expiresAtS * 1000,
  };
}

export function decodeRateLimits(frame: JsonObject): ModelEvent[] {
  const limits = requireList(frame, 'rate_limits').flatMap((limit) => {
    if (!isObject(limit)) return [];
    const { name, remaining, reset_seconds: resetS } = limit;
    // All fields are optional; a limit that does not say what is left says nothing.
    if (typeof name !== 'string' || typeof remaining !== 'number') return [];
    return [{ name, remaining, resetS: typeof resetS === 'number' ? resetS : 0 }];
  });
  return [{ type: 'rate.limits', limits }];
}

/** Of calls, whose sound goes its own way. */
export function decodeOutlet(type: 'output.started' | 'output.stopped' | 'output.cleared') {
  return (frame: JsonObject): ModelEvent[] => {
    const responseId = optionalText(frame, 'response_id');
    // The published types have it by now; a server built on older ones sends none.
    if (responseId === undefined) return [{ type: 'other', name: requireText(frame, 'type'), raw: frame }];
    return [{ type, responseId }];
  };
}
