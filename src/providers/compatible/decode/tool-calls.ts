import { isObject, type JsonObject, requireText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import { unreadable } from './unreadable.js';

type ToolCalled = Extract<ModelEvent, { type: 'tool.called' }>;

/** What the frames of one call have contained so far; servers distribute it differently. */
interface CallFacts {
  readonly responseId: string;
  readonly itemId: string;
  callId?: string | undefined;
  name?: string | undefined;
  arguments?: string | undefined;
  /** Reported, or known not to count. */
  settled: boolean;
}

/** A response has a few calls; limits memory if a server never ends one. */
const mostCalls = 256;

/**
 * Assembles tool calls. `response.output_item.done` reports a call, because only it has the status that tells whether
 * the call counts. Fields that a server omits there were in earlier frames; a call that never gets its `done` counts
 * when its response completes.
 */
export class ToolCalls {
  private readonly calls = new Map<string, CallFacts>();

  /** Reads an item, or a frame about its arguments. Missing or unreadable fields change nothing. */
  learn(responseId: string, itemId: string, frame: JsonObject): CallFacts {
    const call = this.calls.get(itemId) ?? this.begin(responseId, itemId);
    call.callId = word(frame.call_id) ?? call.callId;
    call.name = word(frame.name) ?? call.name;
    call.arguments = word(frame.arguments) ?? call.arguments;
    return call;
  }

  private begin(responseId: string, itemId: string): CallFacts {
    const [oldest] = this.calls.keys();
    if (this.calls.size >= mostCalls && oldest !== undefined) this.calls.delete(oldest);
    const call = { responseId, itemId, settled: false };
    this.calls.set(itemId, call);
    return call;
  }

  /** The call id of an item, for frames that omit it. */
  callId(itemId: string): string | undefined {
    return this.calls.get(itemId)?.callId;
  }

  /** Takes a finished item. Undefined for a call that does not count or has been reported. */
  itemDone(responseId: string, itemId: string, wire: JsonObject): ToolCalled | undefined {
    const call = this.learn(responseId, itemId, wire);
    const told = call.settled;
    call.settled = true;
    if (told || !isComplete(wire.status)) return undefined;
    const callId = requireText({ call_id: call.callId }, 'call_id');
    return toolCalled(call, callId, requireText({ name: call.name }, 'name'));
  }

  /** The response is over. Returns the calls that never got their `done` although the response completed. */
  responseDone(responseId: string, completed: boolean, output: unknown): ModelEvent[] {
    if (completed && Array.isArray(output)) this.learnOutput(responseId, output);
    const overdue: ModelEvent[] = [];
    for (const call of this.calls.values()) {
      if (call.responseId !== responseId) continue;
      this.calls.delete(call.itemId);
      const { callId, name, settled } = call;
      // Without arguments, the call was only announced.
      if (!completed || settled || call.arguments === undefined) continue;
      // Reported instead of thrown, so that the end of the response is still reported.
      if (callId === undefined || name === undefined) overdue.push(incompleteCall);
      else overdue.push(toolCalled(call, callId, name));
    }
    return overdue;
  }

  private learnOutput(responseId: string, output: readonly unknown[]): void {
    for (const wire of output) {
      if (!isObject(wire) || wire.type !== 'function_call' || typeof wire.id !== 'string') continue;
      const call = this.learn(responseId, wire.id, wire);
      if (!isComplete(wire.status)) call.settled = true;
      call.arguments ??= '{}';
    }
  }
}

const incompleteCall = unreadable('The server called a function without its name or call id.');

function isComplete(status: unknown): boolean {
  return status === undefined || status === null || status === 'completed';
}

function toolCalled(call: CallFacts, callId: string, name: string): ToolCalled {
  const { responseId, itemId } = call;
  // A function without parameters may be called without arguments.
  const given = call.arguments?.trim() || '{}';
  return { type: 'tool.called', responseId, itemId, callId, name, arguments: given };
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
