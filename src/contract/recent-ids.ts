/** Remembers the last ids of something, so that late events of it are known for what they are. Bounded. */
export class RecentIds {
  private readonly ids = new Set<string>();

  constructor(private readonly limit = 256) {}

  add(id: string): void {
    this.ids.delete(id);
    this.ids.add(id);
    if (this.ids.size > this.limit) {
      const oldest = this.ids.values().next();
      if (!oldest.done) this.ids.delete(oldest.value);
    }
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Whether it was there; it no longer is. */
  take(id: string): boolean {
    return this.ids.delete(id);
  }
}
