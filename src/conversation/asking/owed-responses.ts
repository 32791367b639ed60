import type { Outbox } from '../core/outbox.js';

/** Why a response is wanted. Gone as soon as a response has begun that knew of it. */
export interface Want {
  /** Item that has to be part of the response's context; undefined where any response will do. */
  readonly itemId: string | undefined;
  /** Response whose other tool calls have to be answered first. */
  readonly group: string | undefined;
  readonly sinceMs: number;
  /** Do not wait for a speaking user: he asked for it by hand, and has not spoken since. */
  explicit: boolean;
  /** When the server said that it has the item. */
  acknowledgedAtMs: number;
}

/** Where items are not acknowledged: the server has surely read an item that was sent so long ago. */
const deliveryMs = 1500;

/** Everything a response is owed for. Several reasons are satisfied by one response that knew of them all. */
export class Wants {
  private list: Want[] = [];
  /** Taken out, but not known to be satisfied. */
  private doubtful: readonly Want[] = [];

  constructor(
    private readonly out: Outbox,
    private readonly acknowledgesItems: boolean,
  ) {}

  get all(): readonly Want[] {
    return this.list;
  }

  add({ itemId, explicit, group }: { itemId?: string; explicit?: boolean; group?: string }): void {
    this.list.push({
      itemId,
      group,
      sinceMs: this.out.nowMs,
      explicit: explicit ?? false,
      acknowledgedAtMs: Number.POSITIVE_INFINITY,
    });
  }

  /** The server has this item; any response that begins from now on knows it. */
  acknowledge(itemId: string): void {
    for (const want of [...this.list, ...this.doubtful]) {
      if (want.itemId === itemId) want.acknowledgedAtMs = Math.min(want.acknowledgedAtMs, this.out.nowMs);
    }
  }

  /** A response has begun, no earlier than this: it satisfies what it must have known. Infinity: it has begun just now. */
  satisfyKnown(begunAfterMs: number): void {
    this.list = this.list.filter((want) => !this.knew(want, begunAfterMs));
  }

  /** The response that was asked for has begun. What it need not have known can be put back by {@link restore}. */
  satisfy(wants: readonly Want[], begunAfterMs: number): void {
    this.doubtful = wants.filter((want) => this.list.includes(want) && !this.knew(want, begunAfterMs));
    this.drop(wants);
    this.satisfyKnown(begunAfterMs);
  }

  /** What had been put aside is satisfied now. Returns whether there was anything. */
  takeDoubtful(): boolean {
    const some = this.doubtful.length > 0;
    this.doubtful = [];
    return some;
  }

  /** It was not the response that had been asked for. */
  restore(): void {
    this.list.push(...this.doubtful);
    this.doubtful = [];
  }

  /** None of them is still unsatisfied. */
  areSatisfied(wants: readonly Want[]): boolean {
    return !wants.some((want) => this.list.includes(want));
  }

  drop(wants: readonly Want[]): void {
    this.list = this.list.filter((want) => !wants.includes(want));
  }

  clear(): void {
    this.list = [];
    this.doubtful = [];
  }

  /**
   * The connection is gone, and with it every item we were waiting for. What was wanted still is. Returns the items that
   * the server may never have got.
   */
  connectionLost(): string[] {
    const lost = this.list.flatMap(({ itemId, acknowledgedAtMs }) =>
      itemId === undefined || acknowledgedAtMs <= this.out.nowMs ? [] : [itemId],
    );
    this.list = this.list.map((want) => ({ ...want, itemId: undefined }));
    this.doubtful = [];
    return lost;
  }

  /** The user speaks: what he had asked for by hand now waits like everything else. */
  yield(): void {
    for (const want of this.list) want.explicit = false;
  }

  private knew({ itemId, acknowledgedAtMs, sinceMs }: Want, begunAfterMs: number): boolean {
    if (itemId === undefined) return true;
    if (this.acknowledgesItems) return acknowledgedAtMs < begunAfterMs;
    return sinceMs + deliveryMs <= Math.min(begunAfterMs, this.out.nowMs);
  }
}
