import type { Input, ToolOutcome } from '../../contract/inputs.js';
import { RecentIds } from '../../contract/recent-ids.js';
import type { ToolSpec } from '../../contract/settings.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from '../memory/history.js';

interface RunningCall extends CallRequest {
  readonly cancelOnInterrupt: boolean;
  /** The model goes on talking while it runs, where the provider can do that. */
  readonly beside: boolean;
  /** When it began to run; where it needs permission, not before that was given. */
  beganAtMs: number | undefined;
  /** Permission has been requested. */
  asked: boolean;
  /** The user has been told that it takes its time. */
  announced: boolean;
  /** The user has called the answer off: the model gets the result, but is not asked to speak about it. */
  forgone: boolean;
}

/** A call as the model makes it. */
export interface CallRequest {
  readonly itemId: string;
  readonly callId: string;
  readonly name: string;
  readonly responseId: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
}

/** Who made a call, and what they were told of the tool. */
export interface CallOrigin {
  readonly agent?: string | undefined;
  readonly spec?: ToolSpec | undefined;
}

/** A result that the model has been given. */
interface AnsweredCall {
  /** The item of the result. */
  readonly itemId: string;
  readonly responseId: string;
  /** The model need not speak about it. */
  readonly quiet: boolean;
  /** The tool asks for the model to go on talking while it runs. */
  readonly beside: boolean;
  /** The connection does not know the call, so it was not given the result. */
  readonly untold: boolean;
  /** An earlier connection made the call: this one does not go on by itself. */
  readonly earlier: boolean;
}

/** From the time between a call and its outcome. */
type CallNews = Extract<
  Input,
  { type: 'tool.approval.required' | 'tool.began' | 'tool.progressed' | 'tool.guardrail.tripped' }
>;

/** How far a call is, as its tool says. */
interface CallProgress {
  readonly message?: string | undefined;
  readonly progress?: number | undefined;
  readonly total?: number | undefined;
}

/** A call that runs so long is announced. */
const announcedAfterMs = 2000;

/** What a new connection knows without having been told. */
export interface RestoredState {
  readonly knowsCalls: boolean;
  readonly stateRestored: boolean;
  /** It can be told in words what came of a call that it does not know. */
  readonly takesWords: boolean;
}

/** Why a call does not run, or no longer. */
export const interruptedReason = 'the user interrupted';

/** Responses whose calls are counted. */
const mostCounted = 64;

/** What a model may send as arguments, for people: parsed where it is JSON, else the text as it came. */
function readable(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Which tool calls are owed an answer. Each is answered exactly once or cancelled, and history says so. */
export class ToolCalls {
  private readonly running = new Map<string, RunningCall>();
  private readonly settled = new RecentIds(1024);
  private readonly counts = new Map<string, number>();
  /** Answers that a new connection may be owed; undefined while there is one that takes them. */
  private unsent: Map<string, string> | undefined;
  /** Calls of earlier connections that still run, and those among them that the connection does not know. */
  private inherited: ReadonlySet<string> = new Set();
  private readonly unknown = new Set<string>();
  /** Made on an earlier connection than the one that has just begun. */
  private earlier: ReadonlySet<string> | undefined;

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    /** A model that calls without end would keep us busy for ever. */
    private readonly mostPerResponse: number,
  ) {}

  get anyRunning(): boolean {
    return this.running.size > 0;
  }

  /** Of a call that still runs. */
  responseOf(callId: string): string | undefined {
    return this.running.get(callId)?.responseId;
  }

  /** All calls of this response have been answered or cancelled. */
  groupComplete(responseId: string): boolean {
    for (const call of this.running.values()) if (call.responseId === responseId) return false;
    return true;
  }

  /** Runs it, unless it is known already. */
  called(call: CallRequest, { agent, spec }: CallOrigin = {}): void {
    const { callId, name, responseId } = call;
    if (this.knows(callId)) return;
    if (this.tooMany(responseId)) {
      this.decline(call, `more than ${this.mostPerResponse} calls in one answer`);
      return;
    }
    const { itemId, arguments: json } = call;
    const running: RunningCall = {
      itemId,
      callId,
      name,
      responseId,
      arguments: json,
      cancelOnInterrupt: spec?.cancelOnInterrupt ?? false,
      beside: spec?.blocking === false,
      beganAtMs: undefined,
      asked: false,
      announced: false,
      forgone: false,
    };
    this.running.set(callId, running);
    if (spec?.mayAsk !== true) this.start(running);
    const owner = agent === undefined ? {} : { agent };
    this.out.push({ type: 'tool.run', callId, name, arguments: call.arguments, responseId, ...owner });
    this.record(call, 'running');
  }

  private start(call: RunningCall): void {
    const { callId, name } = call;
    if (call.beganAtMs !== undefined) return;
    call.beganAtMs = this.out.nowMs;
    this.out.emit({ type: 'tool.started', callId, name, arguments: readable(call.arguments) });
  }

  /** What the tool says of a call that is on its way. */
  told(input: CallNews): void {
    switch (input.type) {
      case 'tool.began': {
        const call = this.running.get(input.callId);
        if (call !== undefined) this.start(call);
        break;
      }
      case 'tool.approval.required':
        this.approvalRequired(input.callId, input.remember);
        break;
      case 'tool.progressed':
        this.progressed(input.callId, input);
        break;
      case 'tool.guardrail.tripped':
        this.guardrailTripped(input.callId, input.guardrail, input.message);
        break;
    }
  }

  /** It does not begin before it is allowed. */
  private approvalRequired(callId: string, remember = true): void {
    const call = this.running.get(callId);
    if (call === undefined || call.asked || call.beganAtMs !== undefined) return;
    call.asked = true;
    const { name } = call;
    this.out.emit({
      type: 'tool.approval.required',
      callId,
      name,
      arguments: readable(call.arguments),
      ...(remember ? {} : { remember }),
    });
  }

  private progressed(callId: string, { message, progress, total }: CallProgress): void {
    const call = this.running.get(callId);
    if (call?.beganAtMs === undefined) return;
    const { name } = call;
    const elapsedMs = Math.round(this.out.nowMs - call.beganAtMs);
    this.out.emit({
      type: 'tool.progress',
      callId,
      name,
      elapsedMs,
      ...(message === undefined ? {} : { message }),
      ...(progress === undefined ? {} : { progress }),
      ...(total === undefined ? {} : { total }),
    });
  }

  /** A guardrail refuses the call; the outcome that says so follows. */
  private guardrailTripped(callId: string, guardrail: string, message: string): void {
    const call = this.running.get(callId);
    if (call === undefined) return;
    const { responseId } = call;
    this.out.emit({ type: 'guardrail.tripped', guardrail, responseId, message, callId });
  }

  /** A call that takes long is reported once. */
  tick(): void {
    for (const call of this.running.values()) {
      const { callId, beganAtMs, announced } = call;
      if (announced || beganAtMs === undefined || this.out.nowMs - beganAtMs < announcedAfterMs) continue;
      call.announced = true;
      this.progressed(callId, {});
    }
  }

  /**
   * It does not run, but the provider keeps the call, so it has to get an answer. Nothing happens when it is known
   * already.
   */
  decline(call: CallRequest, reason: string): void {
    const { callId, name } = call;
    if (this.knows(callId)) return;
    this.settled.add(callId);
    this.out.emit({ type: 'tool.cancelled', callId, name, reason });
    this.record(call, 'cancelled');
    this.answer(callId, `Not run: ${reason}.`);
  }

  forgoAnswers(): void {
    for (const call of this.running.values()) call.forgone = true;
  }

  /** The user interrupts: calls that are of no use any more are given up, and the model is told so. */
  interrupted(): void {
    for (const { callId, cancelOnInterrupt } of [...this.running.values()]) {
      if (!cancelOnInterrupt) continue;
      this.giveUp(callId, interruptedReason);
    }
  }

  /** It is cancelled, and a provider that goes on knowing the call is told so. */
  giveUp(callId: string, reason: string): void {
    if (!this.running.has(callId)) return;
    this.cancel(callId, reason);
    this.answer(callId, `Cancelled: ${reason}.`);
  }

  /** Gives the model its result; a late or second one is dropped. */
  ended(callId: string, outcome: ToolOutcome): AnsweredCall | undefined {
    const call = this.settle(callId);
    if (call === undefined) return undefined;
    const { name, responseId, forgone, beside } = call;
    const { durationMs, output } = outcome;
    if (outcome.kind === 'finished') {
      this.out.emit({ type: 'tool.finished', callId, name, output, durationMs });
    } else {
      const { code, message } = outcome;
      this.out.emit({ type: 'tool.failed', callId, name, code, message, durationMs });
    }
    this.history.updateTool(callId, { output, state: outcome.kind === 'finished' ? 'done' : 'failed' });
    const quiet = forgone || (outcome.kind === 'finished' && outcome.quiet === true);
    const untold = this.unknown.has(callId);
    const earlier = this.inherited.has(callId);
    return { itemId: this.answer(callId, output), responseId, quiet, beside, untold, earlier };
  }

  cancel(callId: string, reason: string): void {
    const call = this.settle(callId);
    if (call === undefined) return;
    this.out.push({ type: 'tool.cancel', callId, reason });
    this.out.emit({ type: 'tool.cancelled', callId, name: call.name, reason });
    this.history.updateTool(callId, { state: 'cancelled' });
  }

  /** What is answered from here on, the next connection need not even know. */
  connectionLost(): void {
    this.unsent ??= new Map();
    this.earlier = undefined;
  }

  /** Calls that a server makes before it has confirmed our settings are its own. */
  connectionBegins(): void {
    this.earlier = new Set(this.running.keys());
  }

  /**
   * Results of calls that the next connection does not know would be refused: it is told of them in words, or they are
   * given up. `stateRestored`: it knows what was cancelled meanwhile, too, and waits for the answer.
   */
  connectionChanged({ knowsCalls, stateRestored, takesWords }: RestoredState): void {
    this.counts.clear();
    const { unsent, earlier = new Set() } = this;
    this.inherited = earlier;
    this.unsent = undefined;
    this.earlier = undefined;
    this.unknown.clear();
    if (!knowsCalls && takesWords) for (const callId of earlier) this.unknown.add(callId);
    else if (!knowsCalls) for (const callId of earlier) this.cancel(callId, 'the connection was lost');
    else if (stateRestored) for (const [callId, output] of unsent ?? []) this.answer(callId, output);
  }

  cancelAll(reason: string): void {
    for (const callId of [...this.running.keys()]) this.cancel(callId, reason);
  }

  private knows(callId: string): boolean {
    return this.running.has(callId) || this.settled.has(callId);
  }

  private tooMany(responseId: string): boolean {
    const count = (this.counts.get(responseId) ?? 0) + 1;
    this.counts.set(responseId, count);
    if (this.counts.size > mostCounted) {
      const oldest = this.counts.keys().next();
      if (!oldest.done) this.counts.delete(oldest.value);
    }
    return count > this.mostPerResponse;
  }

  private settle(callId: string): RunningCall | undefined {
    const call = this.running.get(callId);
    if (call === undefined) return undefined;
    this.running.delete(callId);
    this.settled.add(callId);
    return call;
  }

  private record(call: CallRequest, state: 'running' | 'cancelled'): void {
    const { itemId, callId, name } = call;
    this.history.add({ kind: 'tool', itemId, callId, name, arguments: call.arguments, state });
  }

  private answer(callId: string, output: string): string {
    const itemId = this.out.newId('result');
    if (this.unknown.delete(callId)) return itemId;
    this.history.answered(callId, itemId);
    if (this.unsent !== undefined && this.earlier?.has(callId) !== false) {
      this.unsent.set(callId, output);
      return itemId;
    }
    this.out.send({
      type: 'item.create',
      item: { kind: 'tool.output', itemId, callId, output },
      eventId: this.out.newId('item'),
    });
    return itemId;
  }
}
