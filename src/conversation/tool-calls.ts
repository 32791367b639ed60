import type { History } from './history.js';
import type { ToolOutcome } from './inputs.js';
import type { Outbox } from './outbox.js';
import { RecentIds } from './recent-ids.js';

interface RunningCall {
  readonly callId: string;
  readonly name: string;
  readonly responseId: string;
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

/** A result that the model has been given. */
interface AnsweredCall {
  /** The item of the result. */
  readonly itemId: string;
  readonly responseId: string;
  readonly forgone: boolean;
}

/** A model that calls without end would keep us busy for ever. */
const mostCallsPerResponse = 128;
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

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
  ) {}

  get anyRunning(): boolean {
    return this.running.size > 0;
  }

  /** All calls of this response have been answered or cancelled. */
  groupComplete(responseId: string): boolean {
    for (const call of this.running.values()) if (call.responseId === responseId) return false;
    return true;
  }

  /** Runs it, unless it is known already. */
  called(call: CallRequest): void {
    const { callId, name, responseId } = call;
    if (this.knows(callId)) return;
    if (this.tooMany(responseId)) {
      this.decline(call, `more than ${mostCallsPerResponse} calls in one answer`);
      return;
    }
    this.running.set(callId, { callId, name, responseId, forgone: false });
    this.out.emit({ type: 'tool.started', callId, name, arguments: readable(call.arguments) });
    this.out.push({ type: 'tool.run', callId, name, arguments: call.arguments, responseId });
    this.record(call, 'running');
  }

  /** It does not run, but the provider keeps the call, so it has to get an answer. Nothing happens when it is known already. */
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

  /** Gives the model its result; a late or second one is dropped. */
  ended(callId: string, outcome: ToolOutcome): AnsweredCall | undefined {
    const call = this.settle(callId);
    if (call === undefined) return undefined;
    const { name, responseId, forgone } = call;
    const { durationMs, output } = outcome;
    if (outcome.kind === 'finished') {
      this.out.emit({ type: 'tool.finished', callId, name, output, durationMs });
    } else {
      const { code, message } = outcome;
      this.out.emit({ type: 'tool.failed', callId, name, code, message, durationMs });
    }
    this.history.updateTool(callId, { output, state: outcome.kind === 'finished' ? 'done' : 'failed' });
    return { itemId: this.answer(callId, output), responseId, forgone };
  }

  cancel(callId: string, reason: string): void {
    const call = this.settle(callId);
    if (call === undefined) return;
    this.out.push({ type: 'tool.cancel', callId, reason });
    this.out.emit({ type: 'tool.cancelled', callId, name: call.name, reason });
    this.history.updateTool(callId, { state: 'cancelled' });
  }

  /** Results of calls that the next connection does not know would be refused. */
  connectionChanged(knowsCalls: boolean): void {
    this.counts.clear();
    if (!knowsCalls) this.cancelAll('the connection was lost');
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
    return count > mostCallsPerResponse;
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
    this.out.send({
      type: 'item.create',
      item: { kind: 'tool.output', itemId, callId, output },
      eventId: this.out.newId('item'),
    });
    return itemId;
  }
}
