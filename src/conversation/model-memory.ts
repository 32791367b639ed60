import { RecentIds } from './recent-ids.js';

/**
 * What the model on the present connection still knows of the conversation, and by which ids. An item has the provider's own id
 * where it came to be on this connection, and another one where the connection was told of it; a call has a second one for
 * its result.
 */
export class ModelMemory {
  private readonly ids = new Map<string, string[]>();
  private readonly items = new Map<string, string>();
  /** Beyond the limit: never told again. */
  private readonly forgotten = new Set<string>();
  /** Deleted by us; the provider's word of it is about nothing that we do not know. */
  private readonly deleting = new RecentIds();

  /** The provider knows the item by this id. */
  learn(itemId: string, providerId: string): void {
    const known = this.ids.get(itemId);
    if (known === undefined) this.ids.set(itemId, [providerId]);
    else if (!known.includes(providerId)) known.push(providerId);
    this.items.set(providerId, itemId);
  }

  /** In order; empty where the provider does not know it. */
  idsOf(itemId: string): readonly string[] {
    return this.ids.get(itemId) ?? [];
  }

  /** Whose id that is at the provider. */
  itemOf(providerId: string): string | undefined {
    return this.items.get(providerId);
  }

  /** The connection has it no more. Returns the ids that it had there. */
  drop(itemId: string): readonly string[] {
    const ids = this.idsOf(itemId);
    this.ids.delete(itemId);
    for (const id of ids) this.items.delete(id);
    return ids;
  }

  /** Like {@link drop}, and for good: later connections are not told of it. */
  forget(itemId: string): readonly string[] {
    this.forgotten.add(itemId);
    return this.drop(itemId);
  }

  isForgotten(itemId: string): boolean {
    return this.forgotten.has(itemId);
  }

  rename(from: string, to: string): void {
    const ids = this.drop(from);
    for (const id of ids) this.learn(to, id);
    if (this.forgotten.delete(from)) this.forgotten.add(to);
  }

  deletes(providerId: string): void {
    this.deleting.add(providerId);
  }

  /** True once for an id that we have asked the provider to delete. */
  takeDeleted(providerId: string): boolean {
    return this.deleting.take(providerId);
  }

  /** A connection that knows nothing. */
  renew(): void {
    this.ids.clear();
    this.items.clear();
  }
}
