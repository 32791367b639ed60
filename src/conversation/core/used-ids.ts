/** So many ids are remembered one by one; more than hours of conversation have. */
const mostRecent = 4096;
/** Ways of counting: a provider has one or two, one that ends its ids in random digits has one for each. */
const mostCounters = 1024;

/**
 * Ids that have been used. However long the conversation, the memory is bounded: of older ids it is only remembered how
 * far they counted (`item_1`, `item_2`, …). Ids that count nothing are random, and no provider gives one of those
 * twice.
 */
export class UsedIds {
  private readonly recent = new Set<string>();
  /** By what stands before the number. */
  private readonly counters = new Map<string, number>();

  has(id: string): boolean {
    if (this.recent.has(id)) return true;
    const counted = numbered(id);
    return counted !== undefined && counted.number <= (this.counters.get(counted.prefix) ?? -1);
  }

  add(id: string): void {
    this.recent.add(id);
    if (this.recent.size > mostRecent) this.condense(oldestOf(this.recent));
  }

  addAll(others: UsedIds): void {
    for (const [prefix, number] of others.counters) this.count(prefix, number);
    for (const id of others.recent) this.add(id);
  }

  private condense(id: string | undefined): void {
    if (id === undefined) return;
    this.recent.delete(id);
    const counted = numbered(id);
    if (counted !== undefined) this.count(counted.prefix, counted.number);
  }

  private count(prefix: string, number: number): void {
    const highest = Math.max(number, this.counters.get(prefix) ?? -1);
    this.counters.delete(prefix);
    this.counters.set(prefix, highest);
    const oldest = this.counters.size > mostCounters ? oldestOf(this.counters.keys()) : undefined;
    if (oldest !== undefined) this.counters.delete(oldest);
  }
}

function oldestOf(ids: Iterable<string>): string | undefined {
  const [oldest] = ids;
  return oldest;
}

function numbered(id: string): { readonly prefix: string; readonly number: number } | undefined {
  const digits = /\d{1,15}$/.exec(id)?.[0];
  return digits === undefined
    ? undefined
    : { prefix: id.slice(0, id.length - digits.length), number: Number(digits) };
}
