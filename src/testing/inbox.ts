import { Changes } from './changes.js';

/** Entries that arrive one by one, and the callers that wait for them. */
export class Inbox<Entry> {
  readonly all: Entry[] = [];
  private readonly changes = new Changes();
  private taken = 0;
  private closedBecause: Error | undefined;

  add(entry: Entry): void {
    this.all.push(entry);
    this.changes.happened();
  }

  /** No more entries will come: callers that still wait get this error. */
  close(why: Error): void {
    this.closedBecause ??= why;
    this.changes.happened();
  }

  /**
   * The next entry that matches, among those after the last one taken; those between are skipped.
   * @throws Error at the deadline, with the message from `overdue`; the reason given to `close` once that was called.
   */
  take(matches: (entry: Entry) => boolean, timeoutMs: number, overdue: () => string): Promise<Entry> {
    return this.changes.until(() => this.next(matches), timeoutMs, overdue);
  }

  /** The first matching entry of all, taken or not. @throws as `take` does. */
  seen(matches: (entry: Entry) => boolean, timeoutMs: number, overdue: () => string): Promise<Entry> {
    return this.changes.until(() => this.first(matches), timeoutMs, overdue);
  }

  private first(matches: (entry: Entry) => boolean): Entry | undefined {
    const found = this.all.find(matches);
    if (found === undefined && this.closedBecause !== undefined) throw this.closedBecause;
    return found;
  }

  private next(matches: (entry: Entry) => boolean): Entry | undefined {
    const found = this.all.findIndex((entry, place) => place >= this.taken && matches(entry));
    if (found >= 0) this.taken = found + 1;
    else if (this.closedBecause !== undefined) throw this.closedBecause;
    return this.all[found];
  }
}
