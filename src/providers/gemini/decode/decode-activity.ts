import { type JsonObject, optionalText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from './connection-memory.js';
import { durationMs } from './decode-session.js';

/**
 * The start or end of the user's speech. Newer models report it without being asked. The server calls the field `type`;
 * the published types, and relays built on them, call it `voiceActivityType`. The older signal has no time.
 */
export function decodeActivity(
  events: ModelEvent[],
  field: JsonObject,
  { state, user }: ConnectionMemory,
): void {
  // The server only repeats the turn boundaries that we sent.
  if (state.manual) return;
  const type = ['type', 'voiceActivityType', 'vadSignalType']
    .map((name) => optionalText(field, name))
    .find((name) => name !== undefined);
  const begins = type === 'ACTIVITY_START' || type === 'VAD_SIGNAL_TYPE_SOS';
  const ends = type === 'ACTIVITY_END' || type === 'VAD_SIGNAL_TYPE_EOS';
  if (begins || ends) user.activity(events, begins, durationMs(optionalText(field, 'audioOffset')));
}
