import type { Profile } from './profile.js';

/** A turn that we ended, and whose answer may be asked for now. */
export interface AnswerableTurn {
  /** Unknown where the server need not say which item it became. */
  readonly itemId: string | undefined;
  readonly endedAtMs: number;
  /** Asked for by hand, and the user has not spoken since. */
  readonly explicit: boolean;
}

/** Longer than that nobody waits for the words of a turn; a server that transcribes nothing still has to answer. */
const wordsPatienceMs = 2000;

/**
 * Turns that we ended on servers where the confirmation of the commit is not the moment to ask for the answer: it need
 * not come at all, or it comes before the server has understood a word.
 */
export class CommittedTurns {
  private waiting: (AnswerableTurn & { readonly ready: boolean })[] = [];
  /** Words may come before the confirmation. */
  private lastWorded: string | undefined;

  constructor(private readonly rule: NonNullable<Profile['createAfterCommit']>) {}

  /** The server answers as soon as it is asked, whether it confirms the commit or not. */
  get asksAtOnce(): boolean {
    return this.rule === 'sent';
  }

  get any(): boolean {
    return this.waiting.length > 0;
  }

  sent(nowMs: number): void {
    this.waiting.push({ itemId: undefined, endedAtMs: nowMs, explicit: true, ready: true });
  }

  /** Returns true where the answer may be asked for right now, and somebody else does. */
  confirmed(itemId: string, nowMs: number): boolean {
    if (this.rule === 'confirmed') return true;
    this.waiting.push({ itemId, endedAtMs: nowMs, explicit: true, ready: itemId === this.lastWorded });
    return false;
  }

  /** The server has understood this turn, or knows that it cannot. */
  worded(itemId: string): void {
    this.lastWorded = itemId;
    this.waiting = this.waiting.map((turn) => (turn.itemId === itemId ? { ...turn, ready: true } : turn));
  }

  /** The user speaks again: the answer waits until he is done, like everything else. */
  yield(): void {
    this.waiting = this.waiting.map((turn) => ({ ...turn, explicit: false }));
  }

  refuse(): void {
    this.waiting = [];
  }

  take(nowMs: number): readonly AnswerableTurn[] {
    const due = this.waiting.filter(({ ready, endedAtMs }) => ready || nowMs - endedAtMs >= wordsPatienceMs);
    if (due.length > 0) this.waiting = this.waiting.filter((turn) => !due.includes(turn));
    return due;
  }
}
