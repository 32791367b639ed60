import type { ModelEvent } from '../../conversation/events.js';
import { optionalText, type WireObject } from '../compatible/wire.js';
import type { Memory } from './decode.js';
import { durationMs } from './decode-session.js';

/**
 * Speech begins or ends. Only servers that were asked for it say so (`explicitVadSignal`, on Vertex), under two names; the
 * older one gives no time.
 */
export function decodeActivity(events: ModelEvent[], field: WireObject, { user }: Memory): void {
  const type = optionalText(field, 'voiceActivityType') ?? optionalText(field, 'vadSignalType') ?? '';
  const begins = type === 'ACTIVITY_START' || type === 'VAD_SIGNAL_TYPE_SOS';
  const ends = type === 'ACTIVITY_END' || type === 'VAD_SIGNAL_TYPE_EOS';
  if (begins || ends) user.activity(events, begins, durationMs(optionalText(field, 'audioOffset')));
}
