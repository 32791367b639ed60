import {
  isFiniteNumber,
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
import type { ConnectionMemory } from '../connection-memory.js';

export function decodeSessionCreated(frame: JsonObject, { sound }: ConnectionMemory): ModelEvent[] {
  const session = requireObject(frame, 'session');
  sound.created(session);
  // OpenAI's published session types have no id, so servers built on them send none.
  const sessionId = optionalText(session, 'id') ?? optionalText(frame, 'event_id') ?? 'unnamed';
  return [{ type: 'session.created', sessionId, ...effective(session) }];
}

export function decodeSessionUpdated(frame: JsonObject, { sound, fields }: ConnectionMemory): ModelEvent[] {
  const session = requireObject(frame, 'session');
  sound.updated(session);
  fields.confirmed();
  return [{ type: 'session.updated', ...effective(session), transcribes: transcribes(session) }];
}

/** Null means off, absent means unknown. */
function transcribes(session: JsonObject): false | undefined {
  const audio = isObject(session.audio) ? session.audio : {};
  const input = isObject(audio.input) ? audio.input : {};
  const off = input.transcription === null || session.input_audio_transcription === null;
  return off ? false : undefined;
}

function effective(session: JsonObject) {
  const audio = optionalObject(session, 'audio');
  // At the top level in the beta's shape, and at one vendor also in the nested one.
  const voice = (audio && optionalObject(audio, 'output'))?.voice ?? session.voice;
  const expiresAtS = optionalNumber(session, 'expires_at');
  return {
    model: optionalText(session, 'model'),
    // A custom voice is an object with an id; Azure's Voice Live sends one with a name.
    voice: isObject(voice)
      ? (optionalText(voice, 'id') ?? optionalText(voice, 'name'))
      : typeof voice === 'string'
        ? voice
        : undefined,
    // Some servers send 0 for "never".
    expiresAtMs: expiresAtS === undefined || expiresAtS <= 0 ? undefined : expiresAtS * 1000,
  };
}

export function decodeRateLimits(frame: JsonObject): ModelEvent[] {
  const limits = requireList(frame, 'rate_limits').flatMap((limit) => {
    if (!isObject(limit)) return [];
    const { name, remaining, reset_seconds: resetS } = limit;
    // All fields are optional, but without `remaining` a limit is useless.
    if (typeof name !== 'string' || !isFiniteNumber(remaining)) return [];
    return [{ name, remaining, resetS: isFiniteNumber(resetS) ? resetS : 0 }];
  });
  return [{ type: 'rate.limits', limits }];
}

/** Playback events of telephone calls, whose audio does not pass through us. */
export function decodeOutlet(type: 'output.started' | 'output.stopped' | 'output.cleared') {
  return (frame: JsonObject): ModelEvent[] => {
    const responseId = optionalText(frame, 'response_id');
    // Servers built on older published types do not send it.
    if (responseId === undefined) return [{ type: 'other', name: requireText(frame, 'type'), raw: frame }];
    return [{ type, responseId }];
  };
}
