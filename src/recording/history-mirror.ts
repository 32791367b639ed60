import type { HistoryItem } from '../contract/items.js';
import type { SessionEvent } from '../contract/session-events.js';

/** The conversation rebuilt from its public events, for code that only sees events. */
export class HistoryMirror {
  private readonly known: HistoryItem[] = [];

  get items(): readonly HistoryItem[] {
    return this.known;
  }

  /** Returns whether a transcript would change: text that is still incomplete does not count. */
  apply(event: SessionEvent): boolean {
    if (event.type !== 'history.updated') return false;
    const { change, item, index } = event;
    const at = this.known.findIndex((known) => known.itemId === item.itemId);
    if (at >= 0) this.known.splice(at, 1);
    if (change !== 'removed') this.known.splice(index, 0, item);
    return change === 'removed' || (item.state !== 'pending' && item.state !== 'running');
  }
}
