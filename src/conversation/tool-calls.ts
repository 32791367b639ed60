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
  readonly callId: string;
  readonly name: string;
  readonly responseId: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
}

/** What a model may send as arguments, for people: parsed where it is JSON, else the text as it came. */
function readable(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Which tool calls are owed an answer. Each is answered exactly once or cancelled. */
export class ToolCalls {
  private readonly running = new Map<string, RunningCall>();
  private readonly settled = new RecentIds(1024);

  constructor(private readonly out: Outbox) {}

  get anyRunning(): boolean {
    return this.running.size > 0;
  }

  /** All calls of this response have been answered or cancelled. */
  groupComplete(responseId: string): boolean {
    for (const call of this.running.values()) if (call.responseId === responseId) return false;
    return true;
  }

  /** Returns false for a call that is known already. */
  called(call: CallRequest): boolean {
    const { callId, name, responseId } = call;
    if (this.knows(callId)) return false;
    this.running.set(callId, { callId, name, responseId, forgone: false });
    this.out.emit({ type: 'tool.started', callId, name, arguments: readable(call.arguments) });
    this.out.push({ type: 'tool.run', callId, name, arguments: call.arguments });
    return true;
  }

  /** A call of an answer that was interrupted does not run. Returns false for a call that is known already. */
  decline({ callId, name }: CallRequest, reason: string): boolean {
    if (this.knows(callId)) return false;
    this.settled.add(callId);
    this.out.emit({ type: 'tool.cancelled', callId, name, reason });
    return true;
  }

  forgoAnswers(): void {
    for (const call of this.running.values()) call.forgone = true;
  }

  private knows(callId: string): boolean {
    return this.running.has(callId) || this.settled.has(callId);
  }

  /** Returns the call when its answer is wanted; a late or second result is dropped. */
  ended(callId: string, outcome: ToolOutcome): RunningCall | undefined {
    const call = this.settle(callId);
    if (call === undefined) return undefined;
    const { name } = call;
    const { durationMs } = outcome;
    if (outcome.kind === 'finished') {
      this.out.emit({ type: 'tool.finished', callId, name, output: outcome.output, durationMs });
    } else {
      const { code, message } = outcome;
      this.out.emit({ type: 'tool.failed', callId, name, code, message, durationMs });
    }
    return call;
  }

  cancel(callId: string, reason: string): boolean {
    const call = this.settle(callId);
    if (call === undefined) return false;
    this.out.push({ type: 'tool.cancel', callId, reason });
    this.out.emit({ type: 'tool.cancelled', callId, name: call.name, reason });
    return true;
  }

  cancelAll(reason: string): string[] {
    const callIds = [...this.running.keys()];
    for (const callId of callIds) this.cancel(callId, reason);
    return callIds;
  }

  private settle(callId: string): RunningCall | undefined {
    const call = this.running.get(callId);
    if (call === undefined) return undefined;
    this.running.delete(callId);
    this.settled.add(callId);
    return call;
  }
}
