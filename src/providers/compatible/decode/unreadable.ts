import type { ModelEvent } from '../../../contract/events.js';

/** The event for a frame that breaks the protocol. The session continues. */
export function unreadable(message: string): Extract<ModelEvent, { type: 'error' }> {
  return { type: 'error', code: 'frame.unreadable', message, fatal: false, source: 'protocol' };
}
