import type { Outbox } from '../core/outbox.js';

/** An answer that the server gives by itself once it has a tool's result. */
interface Continuation {
  /** The response that made the call. */
  readonly responseId: string;
  /** The model goes on talking while this tool runs, so its next words need not be about the result. */
  readonly aside: boolean;
  /** From when on its absence is counted: the later of the result and the end of the response. */
  sinceMs: number;
  /** The response that made the call is over. */
  closed: boolean;
  /** Words have come that may have been about it, or had been said before the call. */
  doubtful: boolean;
}

/** Within this time the server begins to speak about a result, in milliseconds. */
const patienceMs = 15_000;
/** The same where it may have spoken already. */
const doubtfulPatienceMs = 3000;

/**
 * Where the server goes on by itself after a tool's result: the answers that it still owes us. It may give one in the
 * response that made the call, or end that response first and begin another.
 */
export class Continuations {
  private list: Continuation[] = [];

  constructor(private readonly out: Outbox) {}

  get any(): boolean {
    return this.list.length > 0;
  }

  /** The server has the result of a call. `open`: the response that made it is not over. */
  expect(responseId: string, how: { aside: boolean; open: boolean }): void {
    const { aside, open } = how;
    this.list.push({ responseId, aside, closed: !open, sinceMs: this.out.nowMs, doubtful: false });
  }

  /** Words, sound or a call of this response. */
  said(responseId: string): void {
    if (this.list.length === 0) return;
    this.list = this.list.filter((one) => one.aside && one.responseId === responseId);
    for (const one of this.list) one.doubtful = true;
  }

  /** A response is over. `spoke`: it held words or sound, perhaps all of them before the call. */
  closed(responseId: string, spoke: boolean): void {
    for (const one of this.list) {
      if (one.responseId !== responseId || one.closed) continue;
      one.closed = true;
      one.sinceMs = this.out.nowMs;
      one.doubtful ||= spoke;
    }
  }

  /** The user has the floor, or the connection is gone: what they hear next is another answer. */
  clear(): void {
    this.list = [];
  }

  /** Gives up on those that are overdue. Returns whether one was certainly missing. */
  takeOverdue(): boolean {
    const { nowMs } = this.out;
    const overdue = this.list.filter(
      ({ closed, doubtful, sinceMs }) =>
        closed && nowMs - sinceMs >= (doubtful ? doubtfulPatienceMs : patienceMs),
    );
    this.list = this.list.filter((one) => !overdue.includes(one));
    return overdue.some(({ doubtful }) => !doubtful);
  }
}
