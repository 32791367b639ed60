import type { ModelEvent, ResponseStatus } from './events.js';
import type { History } from './history.js';
import type { RenderedPart, ToolOutcome } from './inputs.js';
import type { HistoryItem } from './items.js';
import type { Outbox } from './outbox.js';
import type { Profile } from './profile.js';
import type { ToldAnswer } from './renewal.js';
import { type OpenResponse, Responses } from './responses.js';
import { ServerCalls } from './server-calls.js';
import { Speech } from './speech.js';
import { ToolCalls } from './tool-calls.js';
import type { Trouble } from './trouble.js';
import type { UsageMeter } from './usage-meter.js';
import type { UserTurns } from './user-turns.js';

/** Every wait for the provider has a deadline, in milliseconds. */
const deadlines = {
  /** `response.create` to the first sign of the response. */
  create: 15_000,
  /** Interruption to `response.done`. */
  stale: 3000,
  /** Silence inside an open response. */
  response: 45_000,
} as const;

/** A server has one or two open; one that opens them without end must not fill the memory. */
const mostOpenResponses = 16;

/** Why a call does not run. */
const interrupted = 'the user interrupted';
const over = 'the answer had been given up';

/** What the turns share with the rest of the conversation. */
export interface AssistantTurnsParts {
  readonly out: Outbox;
  readonly profile: Profile;
  readonly history: History;
  readonly userTurns: UserTurns;
  readonly meter: UsageMeter;
  readonly trouble: Trouble;
}

/**
 * The assistant's side: which response is open, what of it is played and heard, which tool calls it makes, and what is
 * left of it when the user takes the floor.
 */
export class AssistantTurns {
  private readonly out: Outbox;
  private readonly profile: Profile;
  private readonly history: History;
  private readonly turns: UserTurns;
  private readonly meter: UsageMeter;
  private readonly trouble: Trouble;
  private readonly responses: Responses;
  private readonly speech: Speech;
  private readonly calls: ToolCalls;
  private readonly serverCalls = new ServerCalls();

  constructor({ out, profile, history, userTurns, meter, trouble }: AssistantTurnsParts) {
    this.out = out;
    this.profile = profile;
    this.history = history;
    this.turns = userTurns;
    this.meter = meter;
    this.trouble = trouble;
    this.responses = new Responses(out, profile);
    this.speech = new Speech(out, history, profile);
    this.calls = new ToolCalls(out, history);
  }

  /** Sound is waiting or sounding. */
  get sounding(): boolean {
    return this.speech.sounding;
  }

  /** An answer is being made or asked for, or a tool runs. */
  get thinking(): boolean {
    return this.responses.busy || this.calls.anyRunning || this.serverCalls.anyRunning;
  }

  /** What the assistant has said lately; for recognising its own words. */
  get recentWords(): string {
    const said = this.history.items.findLast(
      (item) => item.kind === 'message' && item.role === 'assistant' && item.text !== '',
    );
    return `${this.speech.answers.recentText} ${said?.kind === 'message' ? said.text : ''}`;
  }

  /** The user's turn is over; the answer is timed from here. */
  turnEnded(): void {
    this.speech.latency.turnEnded(this.out.nowMs);
  }

  /** An answer to something the user did by hand. */
  want(itemId: string): void {
    this.responses.want({ itemId, explicit: true });
  }

  acknowledge(itemId: string): void {
    this.responses.acknowledge(itemId);
  }

  /** What follows from the new state, whatever led to it. */
  proceed(): void {
    this.speech.answers.flushUnheard((responseId) => this.responses.get(responseId) !== undefined);
    if (this.turns.takeLateAnswer()) this.responses.want({});
    for (const { itemId, endedAtMs, explicit } of this.turns.takeAnswerable()) {
      this.speech.latency.turnEnded(endedAtMs);
      this.responses.want(itemId === undefined ? { explicit } : { itemId, explicit });
      if (itemId !== undefined) this.responses.acknowledge(itemId);
    }
    this.responses.flush({
      taken: this.turns.hasFloor,
      groupComplete: (responseId) => this.calls.groupComplete(responseId),
    });
    const { awaitedSinceMs } = this.turns;
    if (awaitedSinceMs !== undefined) this.responses.contest(awaitedSinceMs);
  }

  /** An error may be the answer to our `response.create`. Returns whether it was. */
  createFailed(eventId: string | undefined, activeResponse: boolean): boolean {
    return this.responses.failed(eventId, activeResponse);
  }

  rendered(parts: readonly RenderedPart[]): void {
    this.speech.rendered(parts);
  }

  tick(): void {
    this.serverCalls.tick(this.out.nowMs);
    this.speech.tick();
    if (this.speech.stuck) {
      this.trouble.unheard();
      this.interrupt({ cancel: true, byHand: false });
    }
    if (this.responses.releaseOverdue(deadlines.create)) this.trouble.unanswered();
    for (const response of this.responses.all) {
      // Where a response goes on after its calls, it is the server that waits for us.
      if (!this.calls.groupComplete(response.id)) response.lastEventMs = this.out.nowMs;
    }
    const limits = { staleMs: deadlines.stale, silentMs: deadlines.response, most: mostOpenResponses };
    let stalled = false;
    for (const response of this.responses.closeOverdue(limits)) {
      const stale = response.staleSinceMs !== undefined;
      this.closed(response, stale ? 'cancelled' : 'incomplete', stale ? 'client_cancelled' : 'stalled');
      stalled ||= !stale;
    }
    if (stalled) this.trouble.stalled();
  }

  /**
   * The connection is gone. An answer that was complete plays on; of others only what was heard remains. Returns the
   * messages that the server may never have got.
   */
  connectionLost(turn: 'none' | 'lost' | 'unanswered'): string[] {
    const open = [...this.responses.all];
    const fruitless = open.some(({ staleSinceMs, fruitful }) => staleSinceMs === undefined && !fruitful);
    if (open.some(({ id }) => this.speech.soundsOf(id))) this.speech.clear();
    this.speech.answers.connectionLost();
    this.serverCalls.clear();
    for (const response of open) {
      this.speech.answers.interruptSilent(response.id, false);
      this.responses.abandon(response.id);
      this.closed(response, 'cancelled', 'link_lost');
    }
    const unsent = this.responses.connectionLost();
    // Whoever has asked something and got nothing still wants to know.
    const unanswered = turn === 'unanswered' || (fruitless && this.turns.lastWordsKnown);
    if (unanswered && !this.responses.owed) this.responses.want({});
    return unsent;
  }

  /** History, with the words of answers that still play. */
  get said(): readonly HistoryItem[] {
    return this.history.items.map((item) => this.speech.answers.withWords(item));
  }

  /** The next connection is there, with or without knowing the calls that still run. `playing`: as it was told of them. */
  connectionChanged(knowsCalls: boolean, playing: ReadonlyMap<string, ToldAnswer>): void {
    this.calls.connectionChanged(knowsCalls);
    this.speech.answers.connectionChanged(playing);
  }

  get callsRunning(): boolean {
    return this.calls.anyRunning;
  }

  /** Settles everything: history holds what was really heard, no call is left owed. */
  end(): void {
    this.speech.end();
    this.calls.cancelAll('the session ended');
    this.serverCalls.clear();
    for (const response of [...this.responses.all]) {
      this.speech.answers.interruptSilent(response.id, false);
      this.responses.abandon(response.id);
      this.closed(response, 'cancelled', 'session_ended');
    }
  }

  /** Events that belong to a response. The first one opens it, stale ones are dropped. */
  receive(event: Extract<ModelEvent, { responseId: string }>): void {
    const { responseId } = event;
    if (this.responses.isClosed(responseId)) {
      this.onLate(event);
      return;
    }
    const asked = this.responses.asking;
    const opened = this.responses.opened(
      responseId,
      event.type === 'response.created',
      event.type === 'response.created' ? event.createEventId : undefined,
    );
    if (opened !== undefined) this.onOpened(opened, { asked, over: event.type === 'response.done' });
    const response = this.responses.get(responseId);
    if (response === undefined) return;
    switch (event.type) {
      case 'response.created':
        break;
      case 'response.done':
        this.onDone(event);
        break;
      case 'tool.delta':
        break;
      case 'tool.called':
        response.fruitful = true;
        if (response.staleSinceMs === undefined) this.calls.called(event);
        else this.calls.decline(event, interrupted);
        break;
      case 'output.item.done':
        if (event.item.kind === 'message') this.speech.answers.complete(event.item.itemId);
        break;
      default:
        if (event.type !== 'output.item.added') response.fruitful = true;
        if (response.staleSinceMs === undefined) this.speech.receive(event);
    }
  }

  /** Of a response that is over only its price and its debts matter. */
  private onLate(event: Extract<ModelEvent, { responseId: string }>): void {
    // Some servers complete a call only after the response that makes it.
    if (event.type === 'tool.called') {
      const ending = this.responses.endingOf(event.responseId);
      if (ending === 'completed') this.calls.called(event);
      else this.calls.decline(event, ending === 'interrupted' ? interrupted : over);
    }
    if (event.type !== 'response.done' || !this.responses.takeAbandoned(event.responseId)) return;
    if (event.usage !== undefined) this.meter.count(event.usage);
  }

  /**
   * The user has the floor: silence at once, and nothing that still comes of the open responses is heard or shown. What
   * had been heard is settled when the player answers. `cancel`: the server will not stop by itself. `byHand`: the
   * pending answer is not wanted either.
   */
  interrupt({ cancel, byHand }: { cancel: boolean; byHand: boolean }): void {
    this.speech.clear();
    this.responses.cancelPending(byHand);
    for (const response of [...this.responses.all]) {
      if (response.staleSinceMs !== undefined) continue;
      response.staleSinceMs = this.out.nowMs;
      this.speech.answers.interruptSilent(response.id, true);
      if (cancel) this.cancel(response);
    }
  }

  /** The user wants silence: neither what is being said, nor what is about to be. */
  silence(): void {
    this.interrupt({ cancel: true, byHand: true });
    this.turns.refuseAnswer();
    this.calls.forgoAnswers();
    this.serverCalls.forgoAnswers();
  }

  private cancel(response: OpenResponse): void {
    if (this.responses.cancel(response)) this.closed(response, 'cancelled', 'client_cancelled');
  }

  cleared(epoch: number, parts: readonly RenderedPart[]): void {
    this.speech.cleared(epoch, parts);
  }

  /** `asked`: a create of ours was waiting for it. `over`: its first event is its last. */
  private onOpened(response: OpenResponse, { asked, over }: { asked: boolean; over: boolean }): void {
    this.out.emit({ type: 'response.started', responseId: response.id });
    if (response.staleSinceMs === undefined && this.turns.answered(!asked)) return;
    response.staleSinceMs ??= this.out.nowMs;
    if (!over) this.cancel(response);
  }

  private onDone(event: Extract<ModelEvent, { type: 'response.done' }>): void {
    const response = this.responses.done(event.responseId, event.status);
    if (response === undefined) return;
    if (event.usage !== undefined) this.meter.count(event.usage);
    this.closed(response, event.status, event.reason);
    this.trouble.response(event);
  }

  private closed(response: OpenResponse, status: ResponseStatus, reason?: string): void {
    this.speech.responseClosed(response.id);
    this.out.emit({
      type: 'response.done',
      responseId: response.id,
      status,
      ...(reason === undefined ? {} : { reason }),
      ...this.speech.latency.of(response.id),
    });
  }

  toolEnded(callId: string, outcome: ToolOutcome): void {
    const answered = this.calls.ended(callId, outcome);
    if (answered === undefined || !this.profile.createAfterTool || answered.forgone) return;
    this.responses.want({ itemId: answered.itemId, group: answered.responseId });
  }

  serverToolStarted(itemId: string): void {
    this.serverCalls.started(itemId, this.out.nowMs);
  }

  /** The provider has the result; the model says nothing about it by itself. */
  serverToolDone(itemId: string): void {
    if (!this.serverCalls.takeEnded(itemId) || !this.profile.createAfterTool) return;
    this.responses.want({ itemId });
    this.responses.acknowledge(itemId);
  }

  cancelCall(callId: string, reason: string): void {
    this.calls.cancel(callId, reason);
  }
}
