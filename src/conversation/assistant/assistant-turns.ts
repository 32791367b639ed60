import type { ModelEvent, ResponseEvent, ResponseStatus } from '../../contract/events.js';
import type { RenderedPart } from '../../contract/inputs.js';
import type { HistoryItem } from '../../contract/items.js';
import type { Profile } from '../../contract/profile.js';
import { agentOf, bearsFruit, mostOpenResponses, type OpenResponse } from '../asking/open-response.js';
import { Responses } from '../asking/responses.js';
import type { Outbox } from '../core/outbox.js';
import type { Persona } from '../core/persona.js';
import type { Trouble } from '../core/trouble.js';
import type { History } from '../memory/history.js';
import type { ToldAnswer } from '../memory/renewal.js';
import { Speech } from '../speech/speech.js';
import type { LimitWatch } from '../spending/limit-watch.js';
import type { UsageMeter } from '../spending/usage-meter.js';
import type { RestoredState } from '../tools/tool-calls.js';
import { ToolTurns } from '../tools/tool-turns.js';
import type { UserTurns } from '../user/user-turns.js';
import { Interruptions } from './interruptions.js';
import { LostQuestions } from './lost-questions.js';
import { StoppedAnswers } from './stopped-answers.js';

/** Every wait for the provider has a deadline, in milliseconds. */
const deadlines = {
  /** `response.create` to the first sign of the response. */
  create: 15_000,
  /** Interruption to `response.done`. */
  stale: 3000,
  /** Silence inside an open response. */
  response: 45_000,
} as const;

/** An answer of which less was heard than this was not given. */
const leastHeardMs = 500;

/** What the turns share with the rest of the conversation. */
export interface AssistantTurnsParts {
  readonly out: Outbox;
  readonly profile: Profile;
  readonly persona: Persona;
  readonly history: History;
  readonly userTurns: UserTurns;
  readonly meter: UsageMeter;
  readonly trouble: Trouble;
  readonly limits: LimitWatch;
  /** Tells the model something in its instructions. Returns whether that was possible. */
  readonly remind: (words: string) => boolean;
  /** Tells the model again what it was asked, with the results of tools. */
  readonly retell: () => void;
}

/**
 * The assistant's side: which response is open, what of it is played and heard, which tool calls it makes, and what is
 * left of it when the user takes the floor.
 */
export class AssistantTurns {
  private readonly out: Outbox;
  private readonly persona: Persona;
  private readonly history: History;
  private readonly turns: UserTurns;
  private readonly meter: UsageMeter;
  private readonly trouble: Trouble;
  private readonly limits: LimitWatch;
  private readonly responses: Responses;
  readonly speech: Speech;
  readonly tools: ToolTurns;
  private readonly answersGoOn: boolean;
  private readonly lostQuestions: LostQuestions;
  private readonly guard: StoppedAnswers;
  readonly interruptions: Interruptions;

  constructor(parts: AssistantTurnsParts) {
    const { out, profile, persona, history, userTurns, meter, trouble, limits, remind, retell } = parts;
    this.out = out;
    this.persona = persona;
    this.history = history;
    this.turns = userTurns;
    this.meter = meter;
    this.trouble = trouble;
    this.limits = limits;
    this.answersGoOn = !profile.createAfterTool;
    this.responses = new Responses(out, profile);
    this.lostQuestions = new LostQuestions(this.responses, trouble);
    this.speech = new Speech(out, history, profile);
    this.guard = new StoppedAnswers({ out, history, trouble, takesItems: profile.typedText, remind });
    const tripped = (responseId: string) => this.guard.tripped(responseId);
    const { responses } = this;
    const heardMs = (responseId: string) => this.speech.heardMs(responseId);
    this.tools = new ToolTurns({
      out,
      profile,
      persona,
      history,
      responses,
      tripped,
      mostCalls: limits.mostCalls,
      heardMs,
      retell,
    });
    const { speech, tools, guard } = this;
    const closed = (response: OpenResponse) => this.closed(response, 'cancelled', 'client_cancelled');
    this.interruptions = new Interruptions({ out, userTurns, responses, speech, tools, guard, closed });
  }

  /** Sound is waiting or sounding. */
  get sounding(): boolean {
    return this.speech.sounding;
  }

  /** An answer is being made or asked for, or a tool runs. */
  get thinking(): boolean {
    return this.responses.busy || this.tools.anyRunning;
  }

  /** An answer to what was said before has not been given. */
  get owesAnswer(): boolean {
    return this.responses.owed;
  }

  /** An answer that is still wanted is being given. */
  get giving(): boolean {
    return [...this.responses.all].some(({ staleSinceMs }) => staleSinceMs === undefined);
  }

  /** An answer that is still wanted is being given, other than these. */
  givesBeside(callers: ReadonlySet<string>): boolean {
    return [...this.responses.all].some(
      ({ id, staleSinceMs }) => staleSinceMs === undefined && !callers.has(id),
    );
  }

  /** What the assistant has said lately; for recognising its own words. */
  get recentWords(): string {
    return this.speech.answers.recentWords;
  }

  /** The user's turn is over; the answer is timed from here. */
  turnEnded(): void {
    this.lostQuestions.turnEnded();
    this.speech.latency.turnEnded(this.out.nowMs);
  }

  /** An answer to something the user did by hand. */
  owe(itemId: string): void {
    this.responses.owe({ itemId, explicit: true });
  }

  /** An answer that nothing else asks for. It waits until the user has finished speaking. */
  oweAnswer(itemId?: string): void {
    this.responses.owe(itemId === undefined ? {} : { itemId });
  }

  acknowledge(itemId: string): void {
    this.responses.acknowledge(itemId);
  }

  /** What follows from the new state, whatever led to it. */
  proceed(): void {
    this.speech.answers.flushUnheard((responseId) => this.responses.get(responseId) !== undefined);
    if (this.turns.takeLateAnswer()) this.responses.owe({});
    for (const { itemId, endedAtMs, explicit } of this.turns.takeAnswerable()) {
      this.speech.latency.turnEnded(endedAtMs);
      this.responses.owe(itemId === undefined ? { explicit } : { itemId, explicit });
      if (itemId !== undefined) this.responses.acknowledge(itemId);
    }
    this.responses.flush({
      closed: this.limits.closed,
      taken: this.turns.hasFloor,
      groupComplete: (responseId) => this.tools.calls.groupComplete(responseId),
    });
    const { awaitedSinceMs } = this.turns;
    if (awaitedSinceMs !== undefined) this.responses.contest(awaitedSinceMs);
  }

  /** An error may be the answer to our `response.create`. Returns whether it was. */
  createFailed(eventId: string | undefined, activeResponse: boolean): boolean {
    return this.responses.failed(eventId, activeResponse);
  }

  /** An error that names nothing may be the answer to our `response.create`. */
  doubtCreate(says: string): void {
    this.responses.doubt(says);
  }

  tick(): void {
    this.tools.tick();
    this.speech.tick();
    if (this.speech.stuck) {
      this.trouble.unheard();
      this.interruptions.interrupt({ cancel: true, byHand: false });
    }
    const unanswered = this.responses.releaseOverdue(deadlines.create);
    if (unanswered !== undefined) this.trouble.unanswered(unanswered.says);
    if (this.responses.continuations.takeOverdue()) this.trouble.unanswered();
    for (const response of this.responses.all) {
      // Where a response goes on after its calls, it is the server that waits for us.
      if (!this.tools.calls.groupComplete(response.id)) response.lastEventMs = this.out.nowMs;
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
   * The connection is gone. An answer that was complete plays on, and so does `completed`, which was as good as that;
   * of others only what was heard remains. Returns the messages that the server may never have got.
   */
  connectionLost(turn: 'none' | 'resent' | 'unanswered', completed?: string): string[] {
    const last = [...this.responses.all].find(
      ({ id, staleSinceMs }) => id === completed && staleSinceMs === undefined,
    );
    if (last !== undefined) {
      this.responses.abandon(last.id);
      this.speech.curtail(last.id);
      this.closed(last, 'completed');
    }
    const open = [...this.responses.all];
    const fruitless = open.filter((response) => response.staleSinceMs === undefined && !this.given(response));
    this.speech.loseSight(new Set(open.map(({ id }) => id)));
    if (open.some(({ id }) => this.speech.soundsOf(id))) this.speech.clear();
    this.speech.answers.connectionLost();
    this.tools.connectionLost();
    this.guard.connectionLost();
    for (const response of open) {
      // Another answer takes the place of the little that was heard.
      if (fruitless.includes(response)) this.speech.answers.withdraw(response.id);
      this.speech.answers.interruptSilent(response.id, false);
      this.responses.abandon(response.id);
      this.closed(response, 'cancelled', 'link_lost');
    }
    const continues = this.responses.continuations.any;
    const { asking } = this.responses;
    const unsent = this.responses.connectionLost();
    // A question that got no answer is still owed one. To a turn that is sent again the server answers by itself.
    const unanswered = turn === 'unanswered' || (turn === 'none' && (continues || fruitless.length > 0));
    if (this.responses.owed ? asking : unanswered) this.lostQuestions.askAgain();
    return unsent;
  }

  /** Enough of it was heard or read, or its calls go on. */
  private given({ id, given, heardBeforeMs }: OpenResponse): boolean {
    return given || this.speech.heardMs(id) - heardBeforeMs >= leastHeardMs;
  }

  /** Another server is there, and has not said anything yet. */
  connectionBegins(): void {
    this.tools.connectionBegins();
  }

  /** History, with the words of answers that still play. */
  get said(): readonly HistoryItem[] {
    return this.history.known.map((item) => this.speech.answers.withWords(item));
  }

  /** The next connection is there. `playing`: as it was told of them. */
  connectionChanged(state: RestoredState, playing: ReadonlyMap<string, ToldAnswer>): void {
    this.tools.connectionChanged(state);
    this.guard.connectionChanged();
    this.speech.answers.connectionChanged(playing);
  }

  /** Settles everything: history holds what was really heard, no call is left owed. */
  end(): void {
    this.speech.end();
    this.tools.end();
    for (const response of [...this.responses.all]) {
      this.speech.answers.interruptSilent(response.id, false);
      this.responses.abandon(response.id);
      this.closed(response, 'cancelled', 'session_ended');
    }
  }

  /** Events that belong to a response. The first one opens it, stale ones are dropped. */
  receive(event: ResponseEvent): void {
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
        response.given = true;
        this.responses.continuations.said(responseId);
        this.turns.called(response.id);
        this.called(event, response);
        break;
      case 'output.item.done':
        if (event.item.kind === 'message') this.speech.answers.complete(event.item.itemId);
        break;
      default:
        if (bearsFruit(event)) {
          response.fruitful = true;
          response.spoke = true;
        }
        if (response.staleSinceMs !== undefined) break;
        if (bearsFruit(event)) this.responses.continuations.said(responseId);
        if (event.type === 'audio.delta') this.persona.sounded = true;
        if (event.type === 'text.delta' && (!event.spoken || this.speech.isElsewhere)) this.read(response);
        this.speech.receive(event);
    }
  }

  private called(event: Extract<ResponseEvent, { type: 'tool.called' }>, response: OpenResponse): void {
    const wanted = response.staleSinceMs === undefined;
    // Where an answer goes on after its calls, it may make others.
    const followsResult = this.answersGoOn && this.tools.calls.groupComplete(response.id);
    // The session ends with it.
    if (wanted && !this.limits.allowsCall(response.id, followsResult)) return;
    this.tools.called(event, wanted);
  }

  /** Words of an answer that is over. Of one that was interrupted, only what had been heard by then counts. */
  late(event: Extract<ModelEvent, { type: 'text.late' }>): void {
    if (this.responses.howItEnded(event.responseId) !== 'completed') return;
    this.speech.answers.lateText(event.responseId, event, event.delta);
  }

  /** Written words are read as they come. */
  private read(response: OpenResponse): void {
    response.given = true;
    this.turns.answerHeard(response.id);
  }

  /** What the device has rendered. */
  rendered(parts: readonly RenderedPart[]): void {
    this.speech.rendered(parts);
    const { answerId } = this.turns.sound;
    if (answerId === undefined) return;
    const over = this.responses.howItEnded(answerId) === 'completed' && !this.speech.soundsOf(answerId);
    if (over || this.speech.heardMs(answerId) >= leastHeardMs) this.turns.answerHeard(answerId);
  }

  /** Of a response that is over only its price and its debts matter. */
  private onLate(event: ResponseEvent): void {
    if (event.type === 'tool.called') this.tools.calledLate(event);
    if (event.type !== 'response.done' || !this.responses.takeAbandoned(event.responseId)) return;
    if (event.usage !== undefined) this.meter.count(event.usage);
  }

  /** `asked`: a create of ours was waiting for it. `over`: its first event is its last. */
  private onOpened(response: OpenResponse, { asked, over }: { asked: boolean; over: boolean }): void {
    response.agent = this.persona.agent;
    this.tools.answerBegins(response.id);
    this.out.emit({ type: 'response.started', responseId: response.id, ...agentOf(response) });
    if (this.guard.tripped(response.id) || this.limits.closed) response.staleSinceMs ??= this.out.nowMs;
    if (response.staleSinceMs === undefined && this.turns.answered(response.id, !asked)) return;
    response.staleSinceMs ??= this.out.nowMs;
    if (!over) this.interruptions.cancel(response);
  }

  private onDone(event: Extract<ModelEvent, { type: 'response.done' }>): void {
    const response = this.responses.done(event.responseId, event.status);
    if (response === undefined) return;
    if (event.usage !== undefined) this.meter.count(event.usage);
    this.closed(response, event.status, event.reason);
    const empty = response.staleSinceMs === undefined && !response.fruitful;
    this.trouble.response(event, empty);
  }

  /** Tools that the provider runs itself are part of an answer, too. */
  serverToolStarted(itemId: string): void {
    for (const response of this.responses.all) response.fruitful = true;
    this.tools.serverToolStarted(itemId);
  }

  private closed(response: OpenResponse, status: ResponseStatus, reason?: string): void {
    this.speech.responseClosed(response.id);
    this.responses.continuations.closed(response.id, response.spoke);
    this.out.emit({
      type: 'response.done',
      responseId: response.id,
      status,
      ...(reason === undefined ? {} : { reason }),
      ...agentOf(response),
      ...this.speech.latency.of(response.id),
    });
  }
}
