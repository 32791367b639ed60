import { RecentIds } from '../../contract/recent-ids.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from '../memory/history.js';

/** Words that have not come by then will not come. */
const patienceMs = 30_000;

/** Who has to know how far the words of a turn have come. */
export interface WordsListener {
  /** The turn has its place. */
  begun(itemId: string): void;
  /** Words are there, or it is known that none will come. `growing`: more may follow. */
  worded(itemId: string, growing: boolean): void;
  /** All words are there. */
  complete(itemId: string): void;
}

/** What the user says, as it is written down: it comes late, in pieces, or not at all. */
export class UserWords {
  private readonly waiting = new Map<string, { text: string; readonly sinceMs: number }>();
  private readonly final = new RecentIds();
  private toldUntranscribed = false;

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    /** There will be a transcript. */
    private transcribed: boolean,
    private readonly listener: WordsListener,
  ) {}

  /** A transcript is still pending. */
  get pending(): boolean {
    return this.waiting.size > 0;
  }

  delta(itemId: string, delta: string): void {
    this.grow(itemId, (this.waiting.get(itemId)?.text ?? '') + delta, delta);
  }

  /** A snapshot of all words so far; the new part is what it adds, or all of it where the start was corrected. */
  updated(itemId: string, text: string): void {
    if (this.final.has(itemId)) {
      this.history.updateMessage('user', itemId, { text: text.trim(), state: 'done' });
      return;
    }
    const before = this.waiting.get(itemId)?.text ?? '';
    this.listener.worded(itemId, true);
    if (text !== before) this.grow(itemId, text, text.startsWith(before) ? text.slice(before.length) : text);
  }

  private grow(itemId: string, text: string, delta: string): void {
    this.takePlace(itemId, undefined);
    const pending = this.waiting.get(itemId);
    if (pending === undefined) return;
    pending.text = text;
    this.out.emit({ type: 'user.transcript.delta', itemId, delta, text });
  }

  done(itemId: string, text: string): void {
    if (this.final.has(itemId)) {
      this.updated(itemId, text);
      return;
    }
    this.final.add(itemId);
    this.takePlace(itemId, undefined);
    this.listener.worded(itemId, false);
    this.waiting.delete(itemId);
    const words = text.trim();
    this.history.updateMessage('user', itemId, {
      text: words,
      state: words === '' ? 'untranscribed' : 'done',
    });
    this.out.emit({ type: 'user.transcript.done', itemId, text: words, typed: false });
    if (words !== '') this.listener.complete(itemId);
  }

  /** No transcripts will come, so nothing waits for them. */
  notTranscribed(): void {
    this.transcribed = false;
  }

  failed(itemId: string, reason: string): void {
    this.takePlace(itemId, undefined);
    this.listener.worded(itemId, false);
    this.giveUp(itemId);
    if (this.toldUntranscribed) return;
    this.toldUntranscribed = true;
    this.out.emit({ type: 'warning', code: 'transcript.failed', message: reason });
  }

  tick(): void {
    for (const [itemId, { sinceMs }] of this.waiting) {
      if (this.out.nowMs - sinceMs >= patienceMs) this.giveUp(itemId);
    }
  }

  /** Nothing more comes. */
  end(): void {
    for (const itemId of [...this.waiting.keys()]) this.giveUp(itemId);
  }

  /** A turn stands in the conversation from the moment it is one. */
  takePlace(itemId: string, previousItemId: string | null | undefined): void {
    if (this.history.message(itemId) !== undefined) return;
    if (this.transcribed) this.waiting.set(itemId, { text: '', sinceMs: this.out.nowMs });
    const state = this.transcribed ? 'pending' : 'untranscribed';
    this.history.add({ kind: 'message', itemId, role: 'user', text: '', state }, previousItemId);
    this.listener.begun(itemId);
  }

  /** The final words will not come; the partial ones, if any, have to do. */
  private giveUp(itemId: string): void {
    const pending = this.waiting.get(itemId);
    if (pending === undefined) return;
    this.waiting.delete(itemId);
    const text = pending.text.trim();
    this.history.updateMessage('user', itemId, { text, state: text === '' ? 'untranscribed' : 'done' });
  }
}
