import type { Outbox } from '../core/outbox.js';

/** Why a response is wanted. Gone as soon as a response has begun that knew of it. */
export interface OwedResponse {
  /** Item that has to be part of the response's context; undefined where any response will do. */
  readonly itemId: string | undefined;
  /** Response whose other tool calls have to be answered first. */
  readonly group: string | undefined;
  readonly sinceMs: number;
  /** Do not wait while the user speaks: they asked for it by hand and have not spoken since. */
  explicit: boolean;
  /** When the server said that it has the item. */
  acknowledgedAtMs: number;
}

/** Where items are not acknowledged: the server has surely read an item that was sent so long ago. */
const deliveryMs = 1500;

/** Everything a response is owed for. Several reasons are satisfied by one response that knew of them all. */
export class OwedResponses {
  private list: OwedResponse[] = [];
  /** Taken out, but not known to be satisfied. */
  private doubtful: readonly OwedResponse[] = [];

  constructor(
    private readonly out: Outbox,
    private readonly acknowledgesItems: boolean,
  ) {}

  get all(): readonly OwedResponse[] {
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
    for (const response of [...this.list, ...this.doubtful]) {
      if (response.itemId === itemId)
        response.acknowledgedAtMs = Math.min(response.acknowledgedAtMs, this.out.nowMs);
    }
  }

  /** A response has begun, no earlier than this, and satisfies what it must have known. Infinity: it began just now. */
  satisfyKnown(begunAfterMs: number): void {
    this.list = this.list.filter((response) => !this.knew(response, begunAfterMs));
  }

  /** The response that was asked for has begun. What it need not have known can be put back by {@link restore}. */
  satisfy(responses: readonly OwedResponse[], begunAfterMs: number): void {
    this.doubtful = responses.filter(
      (response) => this.list.includes(response) && !this.knew(response, begunAfterMs),
    );
    this.drop(responses);
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
  areSatisfied(responses: readonly OwedResponse[]): boolean {
    return !responses.some((response) => this.list.includes(response));
  }

  drop(responses: readonly OwedResponse[]): void {
    this.list = this.list.filter((response) => !responses.includes(response));
  }

  clear(): void {
    this.list = [];
    this.doubtful = [];
  }

  /**
   * The connection is gone, and with it every item we were waiting for. What was wanted still is. Returns the items
   * that the server may never have got.
   */
  connectionLost(): string[] {
    const lost = this.list.flatMap(({ itemId, acknowledgedAtMs }) =>
      itemId === undefined || acknowledgedAtMs <= this.out.nowMs ? [] : [itemId],
    );
    this.list = this.list.map((response) => ({ ...response, itemId: undefined }));
    this.doubtful = [];
    return lost;
  }

  /** The user speaks: what they had asked for by hand now waits like everything else. */
  yield(): void {
    for (const response of this.list) response.explicit = false;
  }

  private knew({ itemId, acknowledgedAtMs, sinceMs }: OwedResponse, begunAfterMs: number): boolean {
    if (itemId === undefined) return true;
    if (this.acknowledgesItems) return acknowledgedAtMs < begunAfterMs;
    return sinceMs + deliveryMs <= Math.min(begunAfterMs, this.out.nowMs);
  }
}
