import { InvalidData, isObject, type JsonObject, optionalText, requireText } from '../../../base/json.js';
import { isNestedTooDeeply } from '../../../base/json-nesting.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from './connection-memory.js';
import { innerObjects } from './fields.js';

/** Function calls, always complete: this dialect does not stream arguments. */
export function decodeToolCall(events: ModelEvent[], field: JsonObject, memory: ConnectionMemory): void {
  for (const call of innerObjects(field, 'functionCalls')) decodeCall(events, call, memory);
}

export function decodeCall(events: ModelEvent[], call: JsonObject, { state, reply }: ConnectionMemory): void {
  const named = requireText(call, 'name');
  const name = state.toolNames.get(named) ?? named;
  const id = optionalText(call, 'id') || undefined;
  const callId = id ?? state.newId('call');
  if (state.calls.has(callId)) return;
  const { args } = call;
  if (args !== undefined && args !== null && !isObject(args))
    throw new InvalidData('args should be an object');
  const written = argumentsText(args ?? {});
  state.calls.add(callId, { name, id });
  const responseId = reply.open(events);
  // The model waits for the result; what it says afterwards is a new item.
  if (!state.asyncTools.has(name)) reply.endItem(events, 'completed');
  const itemId = state.newId('item');
  const item = { itemId, kind: 'tool.call', callId, name, status: 'completed' } as const;
  events.push({ type: 'output.item.done', responseId, item });
  events.push({
    type: 'tool.called',
    responseId,
    itemId,
    callId,
    name,
    arguments: written,
  });
}

/** What is nested very deeply can be parsed; writing it overflows the stack of some versions of Node. */
function argumentsText(args: JsonObject): string {
  let text: string;
  try {
    text = JSON.stringify(args);
  } catch {
    throw new InvalidData('args are nested too deeply');
  }
  if (isNestedTooDeeply(text)) throw new InvalidData('args are nested too deeply');
  return text;
}

/** The user interrupted: the server no longer accepts the results of these calls. */
export function decodeToolCallCancellation(
  events: ModelEvent[],
  field: JsonObject,
  { state }: ConnectionMemory,
): void {
  const { ids } = field;
  if (!Array.isArray(ids)) throw new InvalidData('ids should be an array');
  const callIds = ids.filter((id: unknown): id is string => typeof id === 'string');
  for (const callId of callIds) state.calls.take(callId);
  if (callIds.length > 0) events.push({ type: 'tool.call.cancelled', callIds });
}
