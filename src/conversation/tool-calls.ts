import type { ToolOutcome } from './inputs.js';
import type { Outbox } from './outbox.js';
import { RecentIds } from './recent-ids.js';

interface RunningCall {
  readonly callId: string;
  readonly name: string;
  readonly responseId: string;
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
  called(call: RunningCall & { readonly arguments: string }): boolean {
    const { callId, name, responseId } = call;
    if (this.running.has(callId) || this.settled.has(callId)) return false;
    this.running.set(callId, { callId, name, responseId });
    this.out.emit({ type: 'tool.started', callId, name, arguments: readable(call.arguments) });
    this.out.push({ type: 'tool.run', callId, name, arguments: call.arguments });
    return true;
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
