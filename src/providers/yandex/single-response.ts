import type { ModelEvent } from '../../contract/events.js';
import { RecentIds } from '../../contract/recent-ids.js';

/**
 * Allows one response at a time. The server often does not report the end of an interrupted response, so it ends at the
 * latest when the next one starts. If its `response.done` comes later, only its usage counts.
 */
export class SingleResponse {
  private open: string | undefined;
  private readonly ended = new RecentIds();

  created(event: Extract<ModelEvent, { type: 'response.created' }>): ModelEvent[] {
    const { open } = this;
    this.open = event.responseId;
    if (open === undefined || open === event.responseId) return [event];
    this.ended.add(open);
    return [{ type: 'response.done', responseId: open, status: 'cancelled', reason: 'turn_detected' }, event];
  }

  done(event: Extract<ModelEvent, { type: 'response.done' }>): ModelEvent[] {
    if (this.open === event.responseId) this.open = undefined;
    if (!this.ended.take(event.responseId)) return [event];
    return event.usage === undefined ? [] : [{ type: 'usage', usage: event.usage }];
  }
}
