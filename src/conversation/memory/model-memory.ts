import { RecentIds } from '../../contract/recent-ids.js';

/**
 * What the model on the present connection still knows of the conversation, and by which ids. An item has the
 * provider's own id where it came to be on this connection, and another one where the connection was told of it; a call
 * has a second one for its result.
 */
export class ModelMemory {
  /** One id as it is: a list for each item of a long talk would be most of what it costs to remember them. */
  private readonly ids = new Map<string, string | readonly string[]>();
  /** Items by ids that are not their own. */
  private readonly aliases = new Map<string, string>();
  /** Beyond the limit: never told again. */
  private readonly forgotten = new Set<string>();
  /** Deleted by us; the provider's word of it is about nothing that we do not know. */
  private readonly deleting = new RecentIds();

  /** The provider knows the item by this id. */
  learn(itemId: string, providerId: string): void {
    const known = this.idsOf(itemId);
    if (known.length === 0) this.ids.set(itemId, providerId);
    else if (!known.includes(providerId)) this.ids.set(itemId, [...known, providerId]);
    if (providerId === itemId) this.aliases.delete(providerId);
    else this.aliases.set(providerId, itemId);
  }

  /** In order; empty where the provider does not know it. */
  idsOf(itemId: string): readonly string[] {
    const ids = this.ids.get(itemId) ?? [];
    return typeof ids === 'string' ? [ids] : ids;
  }

  /** Whose id that is at the provider. */
  itemOf(providerId: string): string | undefined {
    const item = this.aliases.get(providerId);
    if (item !== undefined) return item;
    return this.idsOf(providerId).includes(providerId) ? providerId : undefined;
  }

  /** The connection has it no more. Returns the ids that it had there. */
  drop(itemId: string): readonly string[] {
    const ids = this.idsOf(itemId);
    this.ids.delete(itemId);
    for (const id of ids) this.aliases.delete(id);
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
    this.aliases.clear();
  }
}
