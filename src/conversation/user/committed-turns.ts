import type { Profile } from '../../contract/profile.js';

/** A turn that we ended, and whose answer may be asked for now. */
export interface AnswerableTurn {
  /** Unknown where the server need not say which item it became. */
  readonly itemId: string | undefined;
  readonly endedAtMs: number;
  /** Asked for by hand, and the user has not spoken since. */
  readonly explicit: boolean;
}

/** Longest wait for the transcript of a turn; a server that transcribes nothing still has to answer. */
const wordsPatienceMs = 2000;
/** A transcript that has not grown for so long has come to its end. */
const wordsQuietMs = 300;

interface WaitingTurn extends AnswerableTurn {
  readonly readyAtMs: number;
}

/**
 * Turns that we ended on servers where the confirmation of the commit is not the moment to ask for the answer: it need
 * not come at all, or it comes before the server has understood a word.
 */
export class CommittedTurns {
  private waiting: WaitingTurn[] = [];
  /** Words may come before the confirmation. */
  private lastWords: { readonly itemId: string; readonly readyAtMs: number } | undefined;

  constructor(private readonly rule: NonNullable<Profile['createAfterCommit']>) {}

  /** The server answers as soon as it is asked, whether it confirms the commit or not. */
  get asksAtOnce(): boolean {
    return this.rule === 'sent';
  }

  get any(): boolean {
    return this.waiting.length > 0;
  }

  sent(nowMs: number): void {
    this.waiting.push({ itemId: undefined, endedAtMs: nowMs, explicit: true, readyAtMs: nowMs });
  }

  /** Returns true where the answer may be requested right now; the caller does that. */
  confirmed(itemId: string, nowMs: number): boolean {
    if (this.rule === 'confirmed') return true;
    const words = this.lastWords?.itemId === itemId ? this.lastWords : undefined;
    const readyAtMs = words?.readyAtMs ?? nowMs + wordsPatienceMs;
    this.waiting.push({ itemId, endedAtMs: nowMs, explicit: true, readyAtMs });
    return false;
  }

  /** The server has understood this turn, or knows that it cannot. `growing`: more words may follow. */
  worded(itemId: string, growing: boolean, nowMs: number): void {
    const readyAtMs = growing ? nowMs + wordsQuietMs : nowMs;
    this.lastWords = { itemId, readyAtMs };
    this.waiting = this.waiting.map((turn) => {
      if (turn.itemId !== itemId) return turn;
      return { ...turn, readyAtMs: Math.min(readyAtMs, turn.endedAtMs + wordsPatienceMs) };
    });
  }

  /** The user speaks again: the answer waits until they have finished, like everything else. */
  yield(): void {
    this.waiting = this.waiting.map((turn) => ({ ...turn, explicit: false }));
  }

  refuse(): void {
    this.waiting = [];
  }

  take(nowMs: number): readonly AnswerableTurn[] {
    const due = this.waiting.filter(({ readyAtMs }) => nowMs >= readyAtMs);
    if (due.length > 0) this.waiting = this.waiting.filter((turn) => !due.includes(turn));
    return due;
  }
}
