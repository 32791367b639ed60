import type { JsonObject } from '../../base/json.js';
import type { ContextItem, ThinkRequest } from '../core/stages.js';
import { isWholeObject } from './call-arguments.js';
import { type CallExtras, shortened } from './call-memory.js';
import type { ChatMessage } from './chat-message.js';
import { type Concessions, noConcessions } from './concessions.js';

type Call = Extract<ContextItem, { kind: 'call' }>;

/** How the messages are written for one server. */
export interface MessageStyle {
  readonly concessions: Concessions;
  /** What a call had beside it when the server made it. */
  readonly extrasOf: (callId: string) => CallExtras | undefined;
  /** The server's own id of a call. */
  readonly serverIdOf: (callId: string) => string;
}

const plainStyle: MessageStyle = {
  concessions: noConcessions,
  extrasOf: () => undefined,
  serverIdOf: (callId) => callId,
};

const silence = '(The user has said nothing for a while.)';

/**
 * The conversation as chat templates accept it: one system message at the beginning; user and assistant alternating;
 * every call followed by its result. Calls without a result, results without a call and unheard words are left out.
 */
export function toMessages(
  { items, instructions, idle }: ThinkRequest,
  style: MessageStyle = plainStyle,
): ChatMessage[] {
  const outputs = new Map(
    items.flatMap((item) => (item.kind === 'output' ? [[item.callId, item.output]] : [])),
  );
  const system = [instructions, ...items.flatMap(systemText)].filter((text) => text.trim() !== '');
  const messages: ChatMessage[] = [];
  if (system.length > 0) messages.push({ role: 'system', content: system.join('\n\n') });
  for (const [index, item] of items.entries()) {
    if (item.kind === 'message') addMessage(messages, item);
    else if (item.kind === 'call' && items[index - 1]?.kind !== 'call') {
      addCalls(messages, callsFrom(items, index), outputs, style);
    }
  }
  if (idle) add(messages, 'user', silence);
  return style.concessions.filled.has('reasoning_content') ? messages.map(withReasoning) : messages;
}

/**
 * About the later half of a conversation, for a model whose context is too small. It begins with the user, so that no
 * result is without its call. @returns undefined where nothing can be left out.
 */
export function laterHalf(messages: readonly ChatMessage[]): ChatMessage[] | undefined {
  const system = messages.filter(({ role }) => role === 'system');
  const talk = messages.filter(({ role }) => role !== 'system');
  const beginnings = talk.flatMap(({ role }, index) => (role === 'user' && index > 0 ? [index] : []));
  const from = beginnings.find((index) => index >= talk.length / 2) ?? beginnings.at(-1);
  return from === undefined ? undefined : [...system, ...talk.slice(from)];
}

function systemText(item: ContextItem): string[] {
  return item.kind === 'message' && item.role === 'system' ? [item.text] : [];
}

function addMessage(messages: ChatMessage[], item: Extract<ContextItem, { kind: 'message' }>): void {
  if (item.role === 'system' || item.text.trim() === '') return;
  add(messages, item.role, item.text);
}

function add(messages: ChatMessage[], role: 'user' | 'assistant', text: string): void {
  const last = messages.at(-1);
  // Templates of several models refuse two messages of the same side in a row.
  if (last?.role === role && !('tool_calls' in last)) {
    messages.splice(-1, 1, { role, content: `${last.content}\n${text}` });
  } else messages.push({ role, content: text });
}

/** Calls in a row are one message: they were made together. */
function callsFrom(items: readonly ContextItem[], from: number): Call[] {
  const calls: Call[] = [];
  for (const item of items.slice(from)) {
    if (item.kind !== 'call') break;
    calls.push(item);
  }
  return calls;
}

function addCalls(
  messages: ChatMessage[],
  calls: readonly Call[],
  outputs: ReadonlyMap<string, string>,
  style: MessageStyle,
): void {
  const answered = calls.filter(({ callId }) => outputs.has(callId));
  if (answered.length === 0) return;
  const last = messages.at(-1);
  const said = last?.role === 'assistant' && !('tool_calls' in last) ? last.content : undefined;
  if (said !== undefined) messages.pop();
  const { concessions, extrasOf, serverIdOf } = style;
  const idOf = (callId: string): string => (concessions.shortIds ? shortened(callId) : serverIdOf(callId));
  const extras = answered.map(({ callId }) => extrasOf(callId));
  messages.push({
    ...wanted(extras.find((fields) => fields !== undefined)?.message ?? {}, concessions),
    role: 'assistant',
    content: said ?? '',
    tool_calls: answered.map(({ callId, name, arguments: text }, index) => ({
      ...signed(wanted(extras[index]?.call ?? {}, concessions), concessions),
      id: idOf(callId),
      type: 'function',
      function: { name, arguments: concessions.wrapped ? wrapped(text) : text },
    })),
  });
  for (const { callId } of answered) {
    messages.push({ role: 'tool', tool_call_id: idOf(callId), content: outputs.get(callId) ?? '' });
  }
}

/** Without the fields that this server refuses. */
function wanted(fields: JsonObject, { without }: Concessions): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !without.has(key)));
}

/** Google's own placeholder for calls that another model made. */
const unsigned = { google: { thought_signature: 'skip_thought_signature_validator' } };

function signed(fields: JsonObject, { filled }: Concessions): JsonObject {
  return filled.has('thought_signature') ? { extra_content: unsigned, ...fields } : fields;
}

/** Kimi refuses an empty text. */
const noReasoning = ' ';

function withReasoning(message: ChatMessage): ChatMessage {
  return message.role === 'assistant' ? { ...{ reasoning_content: noReasoning }, ...message } : message;
}

/** Some templates parse the arguments, and fail on what a model once wrote wrongly. */
function wrapped(text: string): string {
  return isWholeObject(text) ? text : JSON.stringify({ invalid: text });
}
