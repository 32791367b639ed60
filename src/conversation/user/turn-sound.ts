import type { Outbox } from '../core/outbox.js';

/** How long a new connection may take to notice the turn that was sent again. */
const noticePatienceMs = 5000;

/**
 * Whether the sound of the user's turn is still needed: until its words or its answer are safe, a new connection has to
 * get it again.
 */
export class TurnSound {
  private open = false;
  private ended = false;
  /** Messages of the turn in history. */
  private items = new Set<string>();
  /** The response that answers the turn that has ended. */
  private answer: string | undefined;
  /** The lost connection had a turn that the next one has to hear again. */
  private awaitedSinceMs: number | undefined;
  /** Its messages; what is sent again becomes others. */
  private former = new Set<string>();

  constructor(private readonly out: Outbox) {}

  /** A turn that was sent again has not been noticed yet. */
  get awaited(): boolean {
    return this.awaitedSinceMs !== undefined;
  }

  /** The messages that sound to be sent again stands for. */
  get replaced(): ReadonlySet<string> {
    return this.former;
  }

  /** The response that answers the turn, and of which nothing was heard yet. */
  get answerId(): string | undefined {
    return this.answer;
  }

  opened(): void {
    this.noticed();
    if (this.open) return;
    this.open = true;
    this.out.push({ type: 'user.turn', state: 'open' });
  }

  /** `itemId`: its message, where that is known. */
  close(itemId?: string): void {
    this.noticed();
    if (itemId !== undefined) this.items.add(itemId);
    if (!this.open && this.ended) return;
    this.open = false;
    this.ended = true;
    this.answer = undefined;
    this.out.push({ type: 'user.turn', state: 'ended' });
  }

  /** It was not a turn. */
  discarded(): void {
    this.noticed();
    this.open = false;
  }

  /** This message belongs to the turn. */
  named(itemId: string): void {
    this.noticed();
    this.items.add(itemId);
  }

  /** Words stand for the sound, where they are those of everything that was said. */
  worded(itemId: string): void {
    this.noticed();
    if (this.ended && this.items.delete(itemId) && this.items.size === 0) this.settle();
  }

  /** A response has opened. */
  answered(responseId: string): void {
    this.noticed();
    if (this.ended && !this.open) this.answer = responseId;
  }

  /** The turn that has ended needs nothing more. */
  settle(): void {
    if (!this.ended) return;
    this.ended = false;
    this.answer = undefined;
    this.items.clear();
    this.out.push({ type: 'user.turn', state: 'settled' });
  }

  /** Returns whether the next connection has to hear a turn again. */
  connectionLost(): boolean {
    // Its time begins with the next connection.
    if (this.open || this.ended || this.awaited) this.awaitedSinceMs = Number.POSITIVE_INFINITY;
    this.former = new Set([...this.former, ...this.items]);
    this.items.clear();
    this.open = false;
    this.ended = false;
    this.answer = undefined;
    return this.awaited;
  }

  /** The next connection is there. */
  connectionChanged(): void {
    if (this.awaited) this.awaitedSinceMs = this.out.nowMs;
  }

  /** It is being sent. */
  resent(): void {
    this.awaitedSinceMs = this.out.nowMs;
    this.former.clear();
  }

  /** It cannot be sent. Returns whether a turn is lost by that. */
  gone(): boolean {
    const { awaited } = this;
    this.noticed();
    return awaited;
  }

  /** True once when the new connection has had its time to notice what was sent again. */
  takeUnnoticed(): boolean {
    if (this.awaitedSinceMs === undefined || this.out.nowMs - this.awaitedSinceMs < noticePatienceMs)
      return false;
    this.close();
    this.settle();
    return true;
  }

  private noticed(): void {
    this.awaitedSinceMs = undefined;
    this.former.clear();
  }
}
