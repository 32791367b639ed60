import type { ModelEvent } from '../../contract/events.js';
import type { ItemSnapshot } from '../../contract/items.js';
import type { TokenCount, Usage } from '../../contract/usage.js';
import {
  amount,
  anything,
  type Check,
  facts,
  fields,
  flag,
  listOf,
  nullable,
  number,
  oneOf,
  optional,
  type Shape,
  samples,
  shown,
  text,
} from './shape.js';

type EventOf<T extends ModelEvent['type']> = Omit<Extract<ModelEvent, { readonly type: T }>, 'type'>;

const tokens = fields({
  text: amount,
  audio: amount,
  image: amount,
  cached: amount,
  cachedAudio: optional(amount),
  cachedImage: optional(amount),
} satisfies Shape<TokenCount>);

const usage = fields({ input: tokens, output: tokens, total: amount } satisfies Shape<Usage>);

const item = fields({
  itemId: text,
  kind: oneOf('message', 'tool.call', 'tool.output', 'other'),
  role: optional(oneOf('user', 'assistant', 'system')),
  text: optional(text),
  callId: optional(text),
  name: optional(text),
  status: optional(oneOf('in_progress', 'completed', 'incomplete')),
} satisfies Shape<ItemSnapshot>);

const place = { itemId: text, contentIndex: number };
const previousItemId = optional(nullable(text));
const inForce = { model: optional(text), voice: optional(text), expiresAtMs: optional(number) };

/** The compiler checks that every event and each of its fields is listed here. */
const shapes: { readonly [T in ModelEvent['type']]: Shape<EventOf<T>> } = {
  'session.created': { sessionId: text, ...inForce },
  'session.updated': { ...inForce, transcribes: optional(oneOf(false)) },
  'session.ended': { reason: text },
  'speech.started': { itemId: optional(text), audioStartMs: optional(number) },
  'speech.stopped': { itemId: optional(text), audioEndMs: optional(number) },
  'input.committed': { itemId: text, previousItemId },
  'input.cleared': {},
  'input.timeout': { itemId: optional(text) },
  'item.added': { item, previousItemId },
  'item.done': { item },
  'item.deleted': { itemId: text },
  'item.truncated': { ...place, audioEndMs: number },
  'user.transcript.delta': { itemId: text, delta: text },
  'user.transcript.updated': { itemId: text, text },
  'user.transcript.done': { itemId: text, text },
  'user.transcript.failed': { itemId: text, message: text },
  'response.created': { responseId: text, createEventId: optional(text) },
  'response.done': {
    responseId: text,
    status: oneOf('completed', 'cancelled', 'failed', 'incomplete'),
    reason: optional(text),
    error: optional(fields({ code: text, message: text })),
    usage: optional(usage),
  },
  'output.started': { responseId: text },
  'output.stopped': { responseId: text },
  'output.cleared': { responseId: text },
  'output.item.added': { responseId: text, item },
  'output.item.done': { responseId: text, item },
  'audio.delta': { ...place, responseId: text, audio: samples },
  'audio.done': { ...place, responseId: text },
  'text.delta': { ...place, responseId: text, delta: text, spoken: flag },
  'text.late': { ...place, responseId: text, delta: text },
  'text.done': { ...place, responseId: text, text, spoken: flag },
  'tool.delta': { responseId: text, itemId: text, callId: text, delta: text },
  'tool.called': { responseId: text, itemId: text, callId: text, name: text, arguments: text },
  'tool.call.cancelled': { callIds: listOf(text) },
  'server.tool.started': { itemId: text },
  'server.tool.done': { itemId: text },
  interrupted: {},
  usage: { usage },
  'rate.limits': { limits: listOf(fields({ name: text, remaining: number, resetS: number })) },
  'going.away': { timeLeftMs: number },
  'resume.handle': { handle: text },
  error: {
    code: text,
    message: text,
    hint: optional(text),
    facts: optional(facts),
    fatal: flag,
    source: oneOf('provider', 'protocol'),
    cause: optional(oneOf('credentials', 'quota', 'model', 'expired', 'activeResponse', 'harmless')),
    eventId: optional(text),
    param: optional(text),
    setting: optional(listOf(anything)),
  },
  other: { name: text, raw: anything },
};

const checks: ReadonlyMap<unknown, Check> = new Map(
  Object.entries(shapes).map(([type, shape]) => [type, fields({ ...shape, type: anything })]),
);

/** Why this is not an event of the contract; undefined if it is one. */
export function eventFault(value: unknown): string | undefined {
  const type: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : undefined;
  const check = checks.get(type);
  if (check === undefined) return `must be an event, not ${shown(value)}`;
  return check(value, String(type));
}

export function isModelEvent(value: unknown): value is ModelEvent {
  return eventFault(value) === undefined;
}
