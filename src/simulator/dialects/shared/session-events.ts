import { isObject, type JsonObject } from '../../../base/json.js';
import type { ServerEvent } from '../../core/server-event.js';
import type { SessionConfig } from '../../requests/session-config.js';

/** The settings that `session.created` and `session.updated` show. */
export function sessionOf({ session }: ServerEvent): SessionConfig | undefined {
  return isConfig(session) ? session : undefined;
}

function isConfig(session: unknown): session is SessionConfig {
  return isObject(session) && session.object === 'realtime.session';
}

/** Why an answer was cancelled; undefined for other events and for answers that were not. */
export function cancelReason({ type, response }: ServerEvent): unknown {
  if (type !== 'response.done' || !isObject(response) || !isObject(response.status_details)) return undefined;
  return response.status === 'cancelled' ? response.status_details.reason : undefined;
}

/** The event with its response changed; an event without a response is returned unchanged. */
export function withResponse(event: ServerEvent, change: (response: JsonObject) => JsonObject): ServerEvent {
  return isObject(event.response) ? { ...event, response: change(event.response) } : event;
}
