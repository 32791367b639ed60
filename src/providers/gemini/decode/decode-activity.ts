import { type JsonObject, optionalText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from './connection-memory.js';
import { durationMs } from './decode-session.js';

/**
 * Speech begins or ends. Newer models say so without being asked. The wire calls the field `type`; the published types call
 * it `voiceActivityType`, and a relay that is built on them does, too. The older signal gives no time.
 */
export function decodeActivity(
  events: ModelEvent[],
  field: JsonObject,
  { exchange, user }: ConnectionMemory,
): void {
  // Our own words, repeated: we know when we have begun and ended a turn.
  if (exchange.manual) return;
  const type = ['type', 'voiceActivityType', 'vadSignalType']
    .map((name) => optionalText(field, name))
    .find((name) => name !== undefined);
  const begins = type === 'ACTIVITY_START' || type === 'VAD_SIGNAL_TYPE_SOS';
  const ends = type === 'ACTIVITY_END' || type === 'VAD_SIGNAL_TYPE_EOS';
  if (begins || ends) user.activity(events, begins, durationMs(optionalText(field, 'audioOffset')));
}
