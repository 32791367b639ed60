import type { HistoryItem, MessageItem, ToolCallItem } from '../../contract/items.js';
import { RecentIds } from '../../contract/recent-ids.js';
import type { Outbox } from '../core/outbox.js';
import { ModelMemory } from './model-memory.js';

/**
 * The conversation in its own order: a spoken turn keeps its place from the moment it is committed, however late its
 * words arrive. Items are immutable; every change is emitted. It holds everything, whatever the model still knows of
 * it.
 */
export class History {
  readonly memory = new ModelMemory();
  /** Turns that the user has taken in this session. */
  userTurns = 0;
  private readonly list: HistoryItem[] = [];
  /** So that an unknown id costs no search, however long the talk. */
  private readonly ids = new Set<string>();
  /** Where the last item was found that something was asked about. */
  private lastFound = 0;
  /** Taken out by the program; what the provider still says of them is not wanted. */
  private readonly discarded = new RecentIds();

  constructor(private readonly out: Outbox) {}

  get items(): readonly HistoryItem[] {
    return this.list;
  }

  /** What the model is to know. */
  get known(): readonly HistoryItem[] {
    return this.list.filter(({ itemId }) => !this.memory.isForgotten(itemId));
  }

  message(itemId: string): MessageItem | undefined {
    const item = this.list[this.indexOf(itemId)];
    return item?.kind === 'message' ? item : undefined;
  }

  /** Begins with items of an earlier session. */
  seed(items: readonly HistoryItem[]): void {
    for (const item of items) this.put(item, this.list.length);
  }

  /** Adds after `previousItemId`, or last where that is unknown. Known ids are left alone. */
  add(item: HistoryItem, previousItemId?: string | null): void {
    const { itemId } = item;
    if (this.discarded.has(itemId)) return;
    if (this.ids.has(itemId)) return;
    const previous = typeof previousItemId === 'string' ? this.placeOf(previousItemId) : -1;
    if (item.kind === 'message' && item.role === 'user') this.userTurns += 1;
    this.memory.learn(itemId, itemId);
    this.insert(item, previous >= 0 ? previous + 1 : this.list.length);
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

  /** Words that came after an answer was over. Returns whether it was heard to its end, so that they are part of it. */
  appendToAnswer(itemId: string, words: string): boolean {
    const index = this.indexOf(itemId);
    const item = this.list[index];
    if (item?.kind !== 'message' || item.role !== 'assistant' || item.state !== 'done') return false;
    this.replace(index, { ...item, text: item.text + words });
    return true;
  }

  updateTool(callId: string, change: Partial<Pick<ToolCallItem, 'output' | 'state'>>): void {
    const index = this.indexOfCall(callId);
    const item = this.list[index];
    if (item?.kind === 'tool') this.replace(index, { ...item, ...change });
  }

  /** The provider has the result of this call as an item of its own. */
  answered(callId: string, providerId: string): void {
    const item = this.list[this.indexOfCall(callId)];
    if (item !== undefined) this.memory.learn(item.itemId, providerId);
  }

  /** The provider says that it has deleted this. */
  remove(providerId: string): void {
    if (this.memory.takeDeleted(providerId)) return;
    const itemId = this.memory.itemOf(providerId);
    const item = this.list[itemId === undefined ? this.indexOf(providerId) : this.indexOf(itemId)];
    if (item !== undefined) this.drop(item);
  }

  /** An answer of which nothing was heard or read never was. */
  removeUnheard(itemId: string): void {
    const item = this.message(itemId);
    if (item?.role === 'assistant') this.drop({ ...item, state: 'unheard' });
  }

  /** What the user said is sent again, and becomes another message. */
  removeResent(itemId: string): void {
    const item = this.message(itemId);
    if (item?.role !== 'user') return;
    this.userTurns -= 1;
    this.drop(item);
  }

  /** The program takes it out. */
  discard(itemId: string): void {
    const item = this.list[this.indexOf(itemId)];
    if (item === undefined) return;
    this.discarded.add(itemId);
    this.drop(item);
  }

  /** An item that does not come from the provider. */
  put(item: HistoryItem, index: number): void {
    const { itemId } = item;
    if (this.ids.has(itemId)) return;
    // What the provider may still call by this id is not part of the conversation any more.
    const former = this.out.ids.items.claim(itemId);
    if (former !== undefined) this.discarded.add(former);
    if (item.kind === 'tool') this.out.ids.calls.claim(item.callId);
    this.insert(item, index);
  }

  /** The program says it otherwise. */
  rewrite(item: MessageItem): void {
    const index = this.indexOf(item.itemId);
    if (index >= 0) this.replace(index, item);
  }

  private insert(item: HistoryItem, index: number): void {
    this.list.splice(index, 0, item);
    this.ids.add(item.itemId);
    this.out.emit({ type: 'history.updated', change: 'added', item, index });
  }

  private drop(last: HistoryItem): void {
    const index = this.indexOf(last.itemId);
    this.list.splice(index, 1);
    this.ids.delete(last.itemId);
    this.memory.drop(last.itemId);
    this.out.emit({ type: 'history.updated', change: 'removed', item: last, index });
  }

  private replace(index: number, item: HistoryItem): void {
    this.list[index] = item;
    this.out.emit({ type: 'history.updated', change: 'updated', item, index });
  }

  /** Where the item is that the provider means by this id. */
  private placeOf(providerId: string): number {
    const itemId = this.memory.itemOf(providerId);
    return itemId === undefined ? this.indexOf(providerId) : this.indexOf(itemId);
  }

  private indexOfCall(callId: string): number {
    return this.list.findLastIndex((item) => item.kind === 'tool' && item.callId === callId);
  }

  private indexOf(itemId: string): number {
    if (!this.ids.has(itemId)) return -1;
    return this.search((item) => item?.itemId === itemId);
  }

  /** The index of the item, or −1. */
  private search(matches: (item: HistoryItem | undefined) => boolean): number {
    // Items that change one after the other stand side by side: thousands of open ones are settled without searching.
    const near = [this.lastFound, this.lastFound + 1].find((index) => matches(this.list[index]));
    // From the end: what changes is nearly always among the last items.
    const index = near ?? this.list.findLastIndex(matches);
    if (index >= 0) this.lastFound = index;
    return index;
  }
}
