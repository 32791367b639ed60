import { isObject, type JsonObject, optionalText, requireText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from '../connection-memory.js';
import { errorCode, errorMeaning } from '../error-meaning.js';
import { refusedPath, refusedSetting } from '../refused-setting.js';
import { sides } from '../wire-sound.js';

/** `error{error:{type, code, message, event_id}}`; some servers send the fields without the inner object. */
export function decodeError(frame: JsonObject, { switches, sound, fields }: ConnectionMemory): ModelEvent[] {
  const body = isObject(frame.error) ? frame.error : frame;
  const message = typeof frame.error === 'string' ? frame.error : requireText(body, 'message');
  const type = body === frame ? undefined : optionalText(body, 'type');
  const code = errorCode(body.code) ?? type ?? 'unknown';
  const eventId = body === frame ? undefined : optionalText(body, 'event_id');
  // Only used for explanations, so a wrong type does not make the error unreadable.
  const param = typeof body.param === 'string' && body.param !== '' ? body.param : undefined;
  const meaning = errorMeaning(code, message, switches.errors);
  const setting = refusedSetting(param, message);
  const named = sides.filter((side) => setting?.includes(side));
  if (setting?.[0] !== 'format') sound.refused(eventId, []);
  else sound.refused(eventId, named.length === 0 ? sides : named);
  fields.refused(eventId, refusedPath(param, message));
  return [{ type: 'error', code, message, source: 'provider', eventId, param, setting, ...meaning }];
}
