import type { HistoryItem } from '../contract/items.js';
import type { SessionEvent } from '../contract/session-events.js';

/** The conversation rebuilt from its public events, for code that only sees events. */
export class HistoryMirror {
  private readonly known: HistoryItem[] = [];
  /** So that a new item costs no search. */
  private readonly ids = new Set<string>();

  get items(): readonly HistoryItem[] {
    return this.known;
  }

  /** Returns whether a transcript would change: text that is still incomplete does not count. */
  apply(event: SessionEvent): boolean {
    if (event.type !== 'history.updated') return false;
    const { change, item, index } = event;
    const at = this.known[index]?.itemId === item.itemId ? index : this.indexOf(item.itemId);
    if (at >= 0) this.known.splice(at, 1);
    if (change === 'removed') this.ids.delete(item.itemId);
    else this.ids.add(item.itemId);
    if (change !== 'removed') this.known.splice(index, 0, item);
    return change === 'removed' || (item.state !== 'pending' && item.state !== 'running');
  }

  private indexOf(itemId: string): number {
    return this.ids.has(itemId) ? this.known.findLastIndex((known) => known.itemId === itemId) : -1;
  }
}
