import type { ModelEvent } from '../../../contract/events.js';
import type { Exchange } from '../exchange.js';

/**
 * What the user says, put together from what the server lets us know: increments of his words, which come when they like,
 * and replies, which tell that he has finished.
 */
export class UserTurn {
  private turn: { readonly itemId: string; words: string; placed: boolean } | undefined;
  /** Speech that has begun and not ended, and the turn it is part of, where that is known. */
  private spoken: { readonly itemId: string | undefined } | undefined;

  constructor(private readonly exchange: Exchange) {}

  /** Words, in increments. They often come after the reply to them has begun, and rarely say that they are the last. */
  heard(events: ModelEvent[], delta: string, finished: boolean): void {
    if (delta !== '' && this.exchange.transcribes !== false) {
      const turn = this.current();
      turn.words += delta;
      events.push({ type: 'user.transcript.delta', itemId: turn.itemId, delta });
    }
    if (finished) this.finish(events);
  }

  /** Not every server says when speech begins and ends. */
  activity(events: ModelEvent[], begins: boolean, atMs: number | undefined): void {
    if (begins) {
      if (this.spoken !== undefined) return;
      this.spoken = { itemId: this.nextTurn(events) };
      events.push({ type: 'speech.started', itemId: this.spoken.itemId, audioStartMs: atMs });
    } else if (this.spoken !== undefined) {
      events.push({ type: 'speech.stopped', itemId: this.spoken.itemId, audioEndMs: atMs });
      this.spoken = undefined;
    }
  }

  /** The turn of speech that begins now; undefined while the words of the last one, which is being answered, are due. */
  private nextTurn(events: ModelEvent[]): string | undefined {
    if (this.turn?.placed === true) {
      if (this.turn.words === '' && this.exchange.transcribes === true) return undefined;
      this.finish(events);
    }
    return this.current().itemId;
  }

  /** Ended by hand. Whatever the server says next shows that it has heard us. */
  confirmCommit(events: ModelEvent[]): void {
    if (!this.exchange.turnCommitted) return;
    this.exchange.turnCommitted = false;
    this.replyOver(events);
    const turn = this.current();
    turn.placed = true;
    events.push({ type: 'input.committed', itemId: turn.itemId });
  }

  /** A reply begins: what it answers has its place before it, even if its words come later. */
  answered(events: ModelEvent[]): void {
    const { soundSent, textAsked, resultSent } = this.exchange;
    this.exchange.soundSent = false;
    if (this.turn === undefined && (!soundSent || textAsked || resultSent)) return;
    const turn = this.current();
    if (turn.placed) return;
    turn.placed = true;
    events.push({ type: 'input.committed', itemId: turn.itemId });
  }

  /** All words that belong before the reply have come. Speech that waits for its own reply goes on. */
  replyOver(events: ModelEvent[]): void {
    if (this.turn?.placed === true) this.finish(events);
  }

  private finish(events: ModelEvent[]): void {
    const { turn } = this;
    if (turn === undefined) return;
    this.turn = undefined;
    if (turn.words === '' && this.exchange.transcribes !== true) return;
    events.push({ type: 'user.transcript.done', itemId: turn.itemId, text: turn.words });
  }

  private current() {
    this.turn ??= { itemId: this.exchange.newId('user'), words: '', placed: false };
    return this.turn;
  }
}
