import type { Item } from '../../store/items.js';

/** Limits the memory of a server that runs for weeks. */
const mostConversations = 100;

/** Conversations that another connection may resume. */
export class ResumableConversations {
  private readonly kept = new Map<string, { readonly items: readonly Item[]; readonly untilMs: number }>();

  constructor(
    /** How long; infinite where no limit is documented. */
    private readonly keptMs: number,
  ) {}

  keep(id: string, items: readonly Item[], nowMs: number): void {
    this.kept.delete(id);
    this.kept.set(id, { items: [...items], untilMs: nowMs + this.keptMs });
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostConversations && oldest !== undefined) this.kept.delete(oldest);
  }

  find(id: string, nowMs: number): readonly Item[] | undefined {
    const found = this.kept.get(id);
    return found !== undefined && found.untilMs > nowMs ? found.items : undefined;
  }
}
