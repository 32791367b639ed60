import type { HistoryItem, MessageItem, ToolCallItem } from './items.js';
import type { Outbox } from './outbox.js';

/**
 * The conversation in its own order: a spoken turn keeps its place from the moment it is committed, however late its
 * words arrive. Items are immutable; every change is emitted.
 */
export class History {
  private readonly list: HistoryItem[] = [];
  /** So that an unknown id costs no search, however long the talk. */
  private readonly ids = new Set<string>();

  constructor(private readonly out: Outbox) {}

  get items(): readonly HistoryItem[] {
    return this.list;
  }

  message(itemId: string): MessageItem | undefined {
    const item = this.list[this.indexOf(itemId)];
    return item?.kind === 'message' ? item : undefined;
  }

  /** Adds after `previousItemId`, or last where that is unknown. Known ids are left alone. */
  add(item: HistoryItem, previousItemId?: string | null): void {
    if (this.ids.has(item.itemId)) return;
    const previous = typeof previousItemId === 'string' ? this.indexOf(previousItemId) : -1;
    const index = previous >= 0 ? previous + 1 : this.list.length;
    this.list.splice(index, 0, item);
    this.ids.add(item.itemId);
    this.out.emit({ type: 'history.updated', change: 'added', item, index });
  }

  /** Whose message it is has to be said: a provider that mixes up ids must not put words into the other's mouth. */
  updateMessage(
    role: MessageItem['role'],
    itemId: string,
    change: Partial<Pick<MessageItem, 'text' | 'state' | 'heardMs'>>,
  ): void {
    const index = this.indexOf(itemId);
    const item = this.list[index];
    if (item?.kind !== 'message' || item.role !== role) return;
    this.replace(index, { ...item, ...change });
  }

  updateTool(callId: string, change: Partial<Pick<ToolCallItem, 'output' | 'state'>>): void {
    const index = this.list.findLastIndex((item) => item.kind === 'tool' && item.callId === callId);
    const item = this.list[index];
    if (item?.kind !== 'tool') return;
    this.replace(index, { ...item, ...change });
  }

  remove(itemId: string): void {
    const item = this.list[this.indexOf(itemId)];
    if (item !== undefined) this.drop(item);
  }

  /** An answer of which nothing was heard or read never was. */
  removeUnheard(itemId: string): void {
    const item = this.message(itemId);
    if (item?.role === 'assistant') this.drop({ ...item, state: 'unheard' });
  }

  private drop(last: HistoryItem): void {
    const index = this.indexOf(last.itemId);
    this.list.splice(index, 1);
    this.ids.delete(last.itemId);
    this.out.emit({ type: 'history.updated', change: 'removed', item: last, index });
  }

  private replace(index: number, item: HistoryItem): void {
    this.list[index] = item;
    this.out.emit({ type: 'history.updated', change: 'updated', item, index });
  }

  private indexOf(itemId: string): number {
    if (!this.ids.has(itemId)) return -1;
    // From the end: what changes is nearly always among the last items.
    return this.list.findLastIndex((item) => item.itemId === itemId);
  }
}
