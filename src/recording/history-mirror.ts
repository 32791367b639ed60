import type { HistoryItem } from '../contract/items.js';
import type { SessionEvent } from '../contract/session-events.js';

/** The conversation as its public events tell it, for those who only see events. */
export class HistoryMirror {
  readonly #items: HistoryItem[] = [];

  get items(): readonly HistoryItem[] {
    return this.#items;
  }

  /** Returns whether a transcript would read differently now: words that are still coming do not count. */
  apply(event: SessionEvent): boolean {
    if (event.type !== 'history.updated') return false;
    const { change, item, index } = event;
    const at = this.#items.findIndex((known) => known.itemId === item.itemId);
    if (at >= 0) this.#items.splice(at, 1);
    if (change !== 'removed') this.#items.splice(index, 0, item);
    return change === 'removed' || (item.state !== 'pending' && item.state !== 'running');
  }
}
