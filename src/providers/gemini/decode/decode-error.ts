import { type JsonObject, optionalText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import { errorCode } from '../../compatible/error-meaning.js';
import { meaningOf } from '../error-meaning.js';
import type { ConnectionMemory } from './connection-memory.js';

/**
 * `{error:{code, message, status}}` on an open connection. Google's own servers close the connection instead; relays
 * and test servers send it. Before the setup is accepted, every error is fatal.
 */
export function decodeServerError(
  events: ModelEvent[],
  field: JsonObject,
  { state }: ConnectionMemory,
): void {
  const status = optionalText(field, 'status');
  const message = optionalText(field, 'message') ?? 'The server gives no reason.';
  const { cause, hint, facts, temporary } = meaningOf(`${status ?? ''} ${message}`);
  const code = status ?? errorCode(field.code) ?? 'unknown';
  const fatal =
    !state.ready || cause === 'credentials' || cause === 'model' || (cause === 'quota' && !temporary);
  events.push({ type: 'error', code, message, hint, facts, fatal, source: 'provider', cause });
}
