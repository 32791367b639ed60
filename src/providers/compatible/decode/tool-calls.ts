import { isObject, type JsonObject, requireText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import { unreadable } from './decode-error.js';

type ToolCalled = Extract<ModelEvent, { type: 'tool.called' }>;

/** What the frames of one call have said so far; servers spread it differently. */
interface CallFacts {
  readonly responseId: string;
  readonly itemId: string;
  callId?: string | undefined;
  name?: string | undefined;
  arguments?: string | undefined;
  /** Told, or known not to count. */
  settled: boolean;
}

/** A response holds a handful of calls; a server that never ends one must not fill the memory. */
const mostCalls = 256;

/**
 * Puts tool calls together. `response.output_item.done` tells of a call, because it alone has the status that says whether the
 * call counts. Servers that leave something out there have said it before; a call that never gets its `done` counts when its
 * response is completed.
 */
export class ToolCalls {
  private readonly calls = new Map<string, CallFacts>();

  /** From an item, or from a frame about its arguments. What is missing or unreadable changes nothing. */
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

  /** The call id of an item, for frames that do not repeat it. */
  callId(itemId: string): string | undefined {
    return this.calls.get(itemId)?.callId;
  }

  /** A finished item. Undefined for a call that does not count, or has been told. */
  itemDone(responseId: string, itemId: string, wire: JsonObject): ToolCalled | undefined {
    const call = this.learn(responseId, itemId, wire);
    const told = call.settled;
    call.settled = true;
    if (told || !isComplete(wire.status)) return undefined;
    const callId = requireText({ call_id: call.callId }, 'call_id');
    return toolCalled(call, callId, requireText({ name: call.name }, 'name'));
  }

  /** The response is over. Returns the calls that never got their `done` although it was completed. */
  responseDone(responseId: string, completed: boolean, output: unknown): ModelEvent[] {
    if (completed && Array.isArray(output)) this.learnOutput(responseId, output);
    const overdue: ModelEvent[] = [];
    for (const call of this.calls.values()) {
      if (call.responseId !== responseId) continue;
      this.calls.delete(call.itemId);
      const { callId, name, settled } = call;
      // Without arguments it was only announced.
      if (!completed || settled || call.arguments === undefined) continue;
      // Said instead of thrown: the end of the response has to be told, too.
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

const incompleteCall = unreadable('The server called a function without saying which.');

function isComplete(status: unknown): boolean {
  return status === undefined || status === null || status === 'completed';
}

function toolCalled(call: CallFacts, callId: string, name: string): ToolCalled {
  const { responseId, itemId } = call;
  // A function without parameters may be called with nothing at all.
  const given = call.arguments?.trim() || '{}';
  return { type: 'tool.called', responseId, itemId, callId, name, arguments: given };
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
