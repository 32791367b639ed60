import type { ResponseStatus } from '../../contract/events.js';
import { RecentIds } from '../../contract/recent-ids.js';
import type { Outbox } from '../core/outbox.js';
import { Continuations } from './continuations.js';
import type { OpenResponse } from './open-response.js';
import { type OwedResponse, OwedResponses } from './owed-responses.js';

interface Create {
  readonly eventId: string;
  readonly sentAtMs: number;
  readonly owed: readonly OwedResponse[];
  /** Cancel it the moment it opens: a cancel before that would be lost. */
  cancelWish: boolean;
  /** The server owes an answer of its own: what opens next may be that one. */
  contested: boolean;
  /** The server has reported an error since, which may be its answer: when, and in which words. */
  doubt: { readonly sinceMs: number; readonly says: string } | undefined;
}

export interface ResponseRules {
  readonly acknowledgesItems: boolean;
  readonly cancelAnswersDone: boolean;
}

/** Whether a wanted response may be asked for now. */
export interface Floor {
  /** Nothing more may be asked for in this session. */
  readonly closed?: boolean | undefined;
  /** The user speaks, or their turn has just ended and the server is about to answer it. */
  readonly taken: boolean;
  groupComplete(responseId: string): boolean;
}

/** How often a create may collide with a response of the server's own before we give up. */
const mostCollisions = 5;
/** How long to stay quiet after a collision with a response we have not seen. */
const collisionPauseMs = 3000;
/** How long an answer may still come after an error that may have been the answer. */
const doubtfulPatienceMs = 3000;
/** How long the refusal of a create may be on its way, when another response has opened in its place. */
const refusalPatienceMs = 1500;

/**
 * Which response is open, and the one queue for asking for the next. At most one `response.create` is in flight;
 * several reasons merge into one; a create is released by its own error, by its response, or by a deadline. A server
 * may never say `response.created`: the first event that names a response opens it.
 */
export class Responses {
  private readonly open = new Map<string, OpenResponse>();
  private readonly closed = new RecentIds();
  /** Of these: said to their end, and interrupted. */
  private readonly completed = new RecentIds();
  private readonly interrupted = new RecentIds();
  /** Closed by us; the server may still bill them. */
  private readonly abandoned = new RecentIds();
  private readonly owedResponses: OwedResponses;
  /** What the server still says by itself about the results of tools. */
  readonly continuations: Continuations;
  private create: Create | undefined;
  /** The one that opened last. */
  latestId: string | undefined;
  /** The create we took the last response for. */
  private assumedEventId: string | undefined;
  /** The server says which create a response answers. Learned at run time, since no provider documents it. */
  private echoes = false;
  /** When the server last got a reason to answer by itself. */
  private turnEndedAtMs = 0;
  private quietUntilMs = 0;
  /** Until then the create we took for answered may still be refused. */
  private doubtUntilMs = 0;
  private collisions = 0;

  constructor(
    private readonly out: Outbox,
    private readonly rules: ResponseRules,
  ) {
    this.owedResponses = new OwedResponses(out, rules.acknowledgesItems);
    this.continuations = new Continuations(out);
  }

  get all(): IterableIterator<OpenResponse> {
    return this.open.values();
  }

  /** Something is wanted that no response has answered yet. */
  get owed(): boolean {
    return this.owedResponses.all.length > 0;
  }

  /** An answer is being made or asked for. */
  get busy(): boolean {
    return this.open.size > 0 || this.create !== undefined || this.owed || this.continuations.any;
  }

  /** A create of ours has not been answered yet. */
  get asking(): boolean {
    return this.create !== undefined;
  }

  get(id: string): OpenResponse | undefined {
    return this.open.get(id);
  }

  isClosed(id: string): boolean {
    return this.closed.has(id);
  }

  /** How a response that is closed came to its end. */
  howItEnded(id: string): 'completed' | 'interrupted' | 'other' {
    if (this.interrupted.has(id)) return 'interrupted';
    return this.completed.has(id) ? 'completed' : 'other';
  }

  /** It was interrupted or broke off: the server says no more about it. */
  gaveUp(id: string): boolean {
    const open = this.open.get(id);
    if (open !== undefined) return open.staleSinceMs !== undefined;
    return this.closed.has(id) && !this.completed.has(id);
  }

  owe(reason: { itemId?: string; explicit?: boolean; group?: string }): void {
    this.owedResponses.add(reason);
  }

  /** The server has this item; any response that begins from now on knows it. */
  acknowledge(itemId: string): void {
    this.owedResponses.acknowledge(itemId);
  }

  /** The server is about to answer by itself a turn that ended then. */
  contest(turnEndedAtMs: number): void {
    this.turnEndedAtMs = turnEndedAtMs;
    if (this.create !== undefined) this.create.contested = true;
  }

  /**
   * An event of this response. Returns the response when it is its first; it may be stale from birth. `announced`: the
   * server says so the moment it begins. Where it does not, it may have begun any time since the user's turn ended.
   */
  opened(id: string, announced: boolean, createEventId?: string): OpenResponse | undefined {
    const { nowMs } = this.out;
    const { create } = this;
    if (createEventId !== undefined) this.echoes = true;
    const known = this.open.get(id);
    const response = known ?? {
      id,
      agent: undefined,
      lastEventMs: nowMs,
      staleSinceMs: undefined,
      cancelSent: false,
      fruitful: false,
      spoke: false,
      given: false,
      heardBeforeMs: 0,
    };
    response.lastEventMs = nowMs;
    this.open.set(id, response);
    if (known === undefined) this.latestId = id;
    const begunAfterMs = announced ? Number.POSITIVE_INFINITY : this.turnEndedAtMs;
    if (create !== undefined && createEventId === create.eventId)
      this.settle(response, create, begunAfterMs, true);
    else if (known !== undefined) return undefined;
    else if (createEventId !== undefined && createEventId === this.assumedEventId) this.comeLate(response);
    // Without an echo this may be the server's own response; our create's error will tell.
    else if (create !== undefined && createEventId === undefined && !this.echoes)
      this.settle(response, create, begunAfterMs, false);
    else this.overtake(begunAfterMs);
    return known === undefined ? response : undefined;
  }

  /** What we took for the answer to our create was the server's own, and this is it: is there anything left to say? */
  private comeLate(response: OpenResponse): void {
    this.assumedEventId = undefined;
    if (!this.owedResponses.takeDoubtful()) response.staleSinceMs = this.out.nowMs;
  }

  /** A response that we have not asked for may leave nothing to say to the one that we have. */
  private overtake(begunAfterMs: number): void {
    this.owedResponses.satisfyKnown(begunAfterMs);
    if (this.create !== undefined && this.owedResponses.areSatisfied(this.create.owed))
      this.create.cancelWish = true;
  }

  private settle(response: OpenResponse, create: Create, begunAfterMs: number, certain: boolean): void {
    this.create = undefined;
    this.assumedEventId = certain ? undefined : create.eventId;
    if (certain) this.collisions = 0;
    else if (create.contested) this.doubtUntilMs = create.sentAtMs + refusalPatienceMs;
    if (create.cancelWish && (certain || !create.contested)) {
      // What it was asked for is still owed, unless the user has called that off, too.
      response.staleSinceMs = this.out.nowMs;
      return;
    }
    if (certain) this.owedResponses.drop(create.owed);
    this.owedResponses.satisfy(create.owed, begunAfterMs);
  }

  /** The server says that it is over. */
  done(id: string, status: ResponseStatus): OpenResponse | undefined {
    const response = this.open.get(id);
    this.open.delete(id);
    this.closed.add(id);
    if (response?.staleSinceMs !== undefined || status === 'cancelled') this.interrupted.add(id);
    else if (status === 'completed') this.completed.add(id);
    this.quietUntilMs = 0;
    return response;
  }

  /** We call it over, whatever the server says later. */
  abandon(id: string): void {
    this.done(id, 'incomplete');
    this.abandoned.add(id);
  }

  /** True once for a response that the server has finished after we had given it up. */
  takeAbandoned(id: string): boolean {
    return this.abandoned.take(id);
  }

  /**
   * The connection is gone with everything that was open on it; call after the open responses were closed. What was
   * asked for is still wanted, from the next connection. Returns the items that this one may never have taken.
   */
  connectionLost(): string[] {
    this.create = undefined;
    this.continuations.clear();
    this.latestId = undefined;
    this.assumedEventId = undefined;
    this.quietUntilMs = 0;
    this.doubtUntilMs = 0;
    this.collisions = 0;
    return this.owedResponses.connectionLost();
  }

  /** Closes what the server has forgotten to, and the oldest of those it opens without end. Returns what was closed. */
  closeOverdue(limits: { staleMs: number; silentMs: number; most: number }): OpenResponse[] {
    const nowMs = this.out.nowMs;
    const surplus = this.open.size - limits.most;
    const overdue = [...this.open.values()].filter(
      ({ staleSinceMs, lastEventMs }, index) =>
        index < surplus ||
        (staleSinceMs !== undefined && nowMs - staleSinceMs >= limits.staleMs) ||
        nowMs - lastEventMs >= limits.silentMs,
    );
    for (const { id } of overdue) this.abandon(id);
    return overdue;
  }

  /** Cancels by id, once. Returns true where the server will not confirm it and the response is closed by us. */
  cancel(response: OpenResponse): boolean {
    if (response.cancelSent) return false;
    response.cancelSent = true;
    this.out.send({
      type: 'response.cancel',
      responseId: response.id,
      eventId: this.out.newId('cancel'),
    });
    if (this.rules.cancelAnswersDone) return false;
    this.abandon(response.id);
    return true;
  }

  /**
   * The user took the floor. A create that has not opened yet gets cancelled as soon as it does. `byHand`: they do not
   * want the pending answer either; otherwise the answer to their own turn will know of everything that is owed.
   */
  cancelPending(byHand: boolean): void {
    this.continuations.clear();
    if (this.create !== undefined) {
      this.create.cancelWish = true;
      this.create.contested = false;
    }
    if (byHand) this.owedResponses.clear();
    else this.owedResponses.yield();
  }

  /** An error names our create, or says that a response is open. Returns whether it was about a create of ours. */
  failed(eventId: string | undefined, activeResponse: boolean): boolean {
    const { create, assumedEventId } = this;
    if (create !== undefined && (eventId === create.eventId || (eventId === undefined && activeResponse))) {
      this.create = undefined;
      if (activeResponse) this.collide();
      else this.owedResponses.drop(create.owed);
      return true;
    }
    if (activeResponse && assumedEventId !== undefined && (eventId ?? assumedEventId) === assumedEventId) {
      // The response we took for ours was the server's own: what it did not know is still owed an answer.
      this.assumedEventId = undefined;
      this.doubtUntilMs = 0;
      this.owedResponses.restore();
      this.collide();
      return true;
    }
    return false;
  }

  private collide(): void {
    this.collisions += 1;
    if (this.collisions >= mostCollisions) {
      this.collisions = 0;
      this.owedResponses.clear();
      this.out.emit({
        type: 'warning',
        code: 'response.refused',
        message: 'The server keeps refusing to answer because another response is still open.',
        hint: 'Say or type something to start a new turn.',
      });
    }
    if (this.open.size === 0) this.quietUntilMs = this.out.nowMs + collisionPauseMs;
  }

  /** An error that names nothing comes while a create waits and nothing else goes on: it may be its answer. */
  doubt(says: string): void {
    if (this.create === undefined || this.open.size > 0) return;
    this.create.doubt ??= { sinceMs: this.out.nowMs, says };
  }

  /** Releases a create that was never answered. Undefined: there is none, or its answer is not wanted any more. */
  releaseOverdue(patienceMs: number): { readonly says: string | undefined } | undefined {
    const { create } = this;
    if (create === undefined) return undefined;
    const { nowMs } = this.out;
    const { doubt } = create;
    const doubted = doubt !== undefined && nowMs - doubt.sinceMs >= doubtfulPatienceMs;
    if (!doubted && nowMs - create.sentAtMs < patienceMs) return undefined;
    this.create = undefined;
    if (create.cancelWish) return undefined;
    this.owedResponses.drop(create.owed);
    return { says: doubt?.says };
  }

  /** Asks for a response if one is wanted and nothing stands against it. */
  flush(floor: Floor): void {
    if (floor.closed === true || this.create !== undefined || this.open.size > 0) return;
    if (this.out.nowMs < Math.max(this.quietUntilMs, this.doubtUntilMs)) return;
    const ready = this.owedResponses.all.some(
      (response) =>
        (response.explicit || !floor.taken) &&
        (response.group === undefined || floor.groupComplete(response.group)),
    );
    if (!ready) return;
    // The last one was not contradicted.
    if (this.assumedEventId !== undefined) this.collisions = 0;
    const eventId = this.out.newId('create');
    const sentAtMs = this.out.nowMs;
    this.create = {
      eventId,
      sentAtMs,
      owed: [...this.owedResponses.all],
      cancelWish: false,
      contested: false,
      doubt: undefined,
    };
    this.out.send({ type: 'response.create', eventId });
  }
}
