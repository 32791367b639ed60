import type { Item } from '../../items.js';

const keptMs = 30 * 60_000;
/** So that a server which runs for weeks stays small. */
const mostConversations = 100;

/** Conversations that may be taken up again, for about half an hour. */
export class ConversationMemory {
  private readonly kept = new Map<string, { readonly items: readonly Item[]; readonly untilMs: number }>();

  keep(id: string, items: readonly Item[], nowMs: number): void {
    this.kept.delete(id);
    this.kept.set(id, { items: [...items], untilMs: nowMs + keptMs });
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostConversations && oldest !== undefined) this.kept.delete(oldest);
  }

  find(id: string, nowMs: number): readonly Item[] | undefined {
    const found = this.kept.get(id);
    return found !== undefined && found.untilMs > nowMs ? found.items : undefined;
  }
}
