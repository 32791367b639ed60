import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionState } from '../connection-state.js';

/**
 * The user's turn, assembled from transcript increments, which may come at any time, and from replies, which show that
 * the user has finished.
 */
export class UserTurn {
  private turn: { readonly itemId: string; words: string; placed: boolean } | undefined;
  /** Speech that has started and not ended, with its turn if that is known. */
  private spoken: { readonly itemId: string | undefined } | undefined;

  constructor(private readonly state: ConnectionState) {}

  /** A transcript increment. It often comes after the reply has started, and rarely says whether it is the last. */
  heard(events: ModelEvent[], delta: string, finished: boolean): void {
    if (delta !== '' && this.state.transcribes !== false) {
      const turn = this.current();
      this.state.lastPart = undefined;
      turn.words += delta;
      events.push({ type: 'user.transcript.delta', itemId: turn.itemId, delta });
    }
    if (finished) this.finish(events);
  }

  /** Start or end of speech; not every server reports them. */
  activity(events: ModelEvent[], begins: boolean, atMs: number | undefined): void {
    if (begins) {
      if (this.spoken !== undefined) return;
      this.state.lastPart = undefined;
      this.spoken = { itemId: this.nextTurn(events) };
      events.push({ type: 'speech.started', itemId: this.spoken.itemId, audioStartMs: atMs });
    } else if (this.spoken !== undefined) {
      events.push({ type: 'speech.stopped', itemId: this.spoken.itemId, audioEndMs: atMs });
      this.spoken = undefined;
    }
  }

  /** The turn of speech that starts now; undefined while the transcript of the turn being answered is still due. */
  private nextTurn(events: ModelEvent[]): string | undefined {
    if (this.turn?.placed === true) {
      if (this.turn.words === '' && this.state.transcribes === true) return undefined;
      this.finish(events);
    }
    return this.current().itemId;
  }

  /** Confirms a turn that we ended: any message after that shows that the server received it. */
  confirmCommit(events: ModelEvent[]): void {
    if (!this.state.turnCommitted) return;
    this.state.turnCommitted = false;
    this.replyOver(events);
    const turn = this.current();
    turn.placed = true;
    events.push({ type: 'input.committed', itemId: turn.itemId });
  }

  /** A reply starts: places the turn it answers before it, even if the transcript comes later. */
  answered(events: ModelEvent[]): void {
    const { soundSent, textAsked, resultSent } = this.state;
    this.state.soundSent = false;
    if (this.turn === undefined && (!soundSent || textAsked || resultSent)) return;
    const turn = this.current();
    if (turn.placed) return;
    turn.placed = true;
    events.push({ type: 'input.committed', itemId: turn.itemId });
  }

  /** The transcript before the reply is complete. Speech that waits for its own reply continues. */
  replyOver(events: ModelEvent[]): void {
    if (this.turn?.placed === true) this.finish(events);
  }

  private finish(events: ModelEvent[]): void {
    const { turn } = this;
    if (turn === undefined) return;
    this.turn = undefined;
    if (turn.words === '' && this.state.transcribes !== true) return;
    events.push({ type: 'user.transcript.done', itemId: turn.itemId, text: turn.words });
  }

  private current() {
    this.turn ??= { itemId: this.state.newId('user'), words: '', placed: false };
    return this.turn;
  }
}
