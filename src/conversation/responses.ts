import type { Outbox } from './outbox.js';
import { RecentIds } from './recent-ids.js';

/** A response the server has open. */
export interface OpenResponse {
  readonly id: string;
  readonly openedAtMs: number;
  lastEventMs: number;
  /** Interrupted: nothing that still comes of it may be heard or shown. */
  stale: boolean;
  cancelSentMs: number | undefined;
}

/** Why a response is wanted. Gone as soon as a response has opened that knew of it. */
interface Want {
  /** Item that has to be part of the response's context; undefined where any response will do. */
  readonly itemId: string | undefined;
  /** Do not wait for a speaking user: he asked for it by hand. */
  readonly explicit: boolean;
  /** Response whose other tool calls have to be answered first. */
  readonly group: string | undefined;
  acknowledged: boolean;
}

interface Create {
  readonly eventId: string;
  readonly sentAtMs: number;
  readonly wants: readonly Want[];
  /** Cancel it the moment it opens: a cancel before that would be lost. */
  cancelWish: boolean;
}

export interface ResponseRules {
  readonly acknowledgesItems: boolean;
  readonly cancelAnswersDone: boolean;
}

/** Whether a wanted response may be asked for now. */
export interface Floor {
  /** The user speaks, or his turn has just ended and the server is about to answer it. */
  readonly taken: boolean;
  groupComplete(responseId: string): boolean;
}

/** How often a create may collide with a response of the server's own before we give up. */
const mostCollisions = 5;
/** How long to stay quiet after a collision with a response we have not seen. */
const collisionPauseMs = 3000;

/**
 * Which response is open, and the one queue for asking for the next. At most one `response.create` is in flight;
 * several reasons merge into one; a create is released by its own error, by its response, or by a deadline. A server may
 * never say `response.created`: the first event that names a response opens it.
 */
export class Responses {
  private readonly open = new Map<string, OpenResponse>();
  private readonly closed = new RecentIds();
  private wants: Want[] = [];
  private create: Create | undefined;
  /** The create that opened last, with the wants its response may not have known of. */
  private assumed: { readonly eventId: string; readonly uncovered: readonly Want[] } | undefined;
  private quietUntilMs = 0;
  private collisions = 0;

  constructor(
    private readonly out: Outbox,
    private readonly rules: ResponseRules,
  ) {}

  get all(): IterableIterator<OpenResponse> {
    return this.open.values();
  }

  get anyOpen(): boolean {
    return this.open.size > 0;
  }

  /** An answer is being made or asked for. */
  get busy(): boolean {
    return this.open.size > 0 || this.create !== undefined || this.wants.length > 0;
  }

  get(id: string): OpenResponse | undefined {
    return this.open.get(id);
  }

  isClosed(id: string): boolean {
    return this.closed.has(id);
  }

  want(reason: { itemId?: string; explicit?: boolean; group?: string }): void {
    this.wants.push({
      itemId: reason.itemId,
      explicit: reason.explicit ?? false,
      group: reason.group,
      acknowledged: false,
    });
  }

  /** The server has this item; any response that opens from now on knows it. */
  acknowledge(itemId: string): void {
    for (const want of this.wants) if (want.itemId === itemId) want.acknowledged = true;
  }

  /** The first event of a response. Returns it when it is new. */
  opened(id: string, createEventId: string | undefined): OpenResponse | undefined {
    const known = this.open.get(id);
    if (known !== undefined) {
      known.lastEventMs = this.out.nowMs;
      return undefined;
    }
    const nowMs = this.out.nowMs;
    const response = { id, openedAtMs: nowMs, lastEventMs: nowMs, stale: false, cancelSentMs: undefined };
    this.open.set(id, response);
    this.settleWants(response, createEventId);
    return response;
  }

  private settleWants(response: OpenResponse, createEventId: string | undefined): void {
    const create = this.create;
    const ours = create !== undefined && (createEventId === undefined || createEventId === create.eventId);
    if (!ours) {
      this.wants = this.wants.filter((want) => !this.knows(want));
      return;
    }
    this.create = undefined;
    // Without an echo of our event id this may be the server's own response; our create's error will tell.
    const uncovered = createEventId === undefined ? create.wants.filter((want) => !this.knows(want)) : [];
    this.assumed = { eventId: create.eventId, uncovered };
    this.wants = this.wants.filter((want) => !create.wants.includes(want) && !this.knows(want));
    if (createEventId !== undefined) this.collisions = 0;
    if (create.cancelWish) {
      response.stale = true;
      this.cancel(response);
    }
  }

  private knows(want: Want): boolean {
    return want.itemId === undefined || want.acknowledged || !this.rules.acknowledgesItems;
  }

  close(id: string): OpenResponse | undefined {
    const response = this.open.get(id);
    this.open.delete(id);
    this.closed.add(id);
    this.quietUntilMs = 0;
    return response;
  }

  /** Closes what the server has forgotten to. Returns what was closed. */
  closeOverdue(limits: { cancelledMs: number; silentMs: number }): OpenResponse[] {
    const nowMs = this.out.nowMs;
    const overdue = [...this.open.values()].filter(
      ({ cancelSentMs, lastEventMs }) =>
        (cancelSentMs !== undefined && nowMs - cancelSentMs >= limits.cancelledMs) ||
        nowMs - lastEventMs >= limits.silentMs,
    );
    for (const { id } of overdue) this.close(id);
    return overdue;
  }

  /** Cancels by id, once. Returns true where the server will not confirm it and the response is closed by us. */
  cancel(response: OpenResponse): boolean {
    if (response.cancelSentMs !== undefined) return false;
    response.cancelSentMs = this.out.nowMs;
    this.out.send({
      type: 'response.cancel',
      responseId: response.id,
      eventId: this.out.newId('cancel'),
    });
    if (this.rules.cancelAnswersDone) return false;
    this.close(response.id);
    return true;
  }

  /**
   * The user took the floor. A create that has not opened yet gets cancelled as soon as it does. `byHand`: he does not
   * want the pending answer either; otherwise the answer to his own turn will know of everything that is owed.
   */
  cancelPending(byHand: boolean): void {
    if (this.create !== undefined) this.create.cancelWish = true;
    if (byHand) this.wants = [];
  }

  /** An error names our create, or says that a response is open. Returns whether it was about a create of ours. */
  failed(eventId: string | undefined, activeResponse: boolean): boolean {
    const create = this.create;
    if (create !== undefined && (eventId === create.eventId || (eventId === undefined && activeResponse))) {
      this.create = undefined;
      if (activeResponse) this.collide();
      else this.wants = this.wants.filter((want) => !create.wants.includes(want));
      return true;
    }
    const assumed = this.assumed;
    if (activeResponse && assumed !== undefined && (eventId ?? assumed.eventId) === assumed.eventId) {
      // The response we took for ours was the server's own: what it did not know is still owed an answer.
      this.assumed = undefined;
      this.wants.push(...assumed.uncovered);
      this.collide();
      return true;
    }
    return false;
  }

  private collide(): void {
    this.collisions += 1;
    if (this.collisions >= mostCollisions) {
      this.collisions = 0;
      this.wants = [];
      this.out.emit({
        type: 'warning',
        code: 'response.refused',
        message: 'The server keeps refusing to answer because another response is open.',
        hint: 'Say or type something to start a new turn.',
      });
    }
    if (!this.anyOpen) this.quietUntilMs = this.out.nowMs + collisionPauseMs;
  }

  /** Releases a create that nobody answered. */
  releaseOverdue(patienceMs: number): boolean {
    const create = this.create;
    if (create === undefined || this.out.nowMs - create.sentAtMs < patienceMs) return false;
    this.create = undefined;
    this.wants = this.wants.filter((want) => !create.wants.includes(want));
    return true;
  }

  /** Asks for a response if one is wanted and nothing stands against it. */
  flush(floor: Floor): void {
    if (this.create !== undefined || this.anyOpen || this.out.nowMs < this.quietUntilMs) return;
    const ready = this.wants.some(
      (want) =>
        (want.explicit || !floor.taken) && (want.group === undefined || floor.groupComplete(want.group)),
    );
    if (!ready) return;
    const eventId = this.out.newId('create');
    this.create = { eventId, sentAtMs: this.out.nowMs, wants: [...this.wants], cancelWish: false };
    this.out.send({ type: 'response.create', eventId });
  }
}
