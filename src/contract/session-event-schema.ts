import { z } from 'zod';
import { responseStatuses } from './events.js';
import type { Facts } from './facts.js';
import { historyChanges, messageRoles, messageStates, toolCallStates } from './items.js';
import { mcpServerStates } from './mcp-server-states.js';

/**
 * The public events: what a session tells its user, in code and as NDJSON. Names and fields are covered by semantic
 * versioning. This module costs the import of zod, so only validation and documentation load it; everything else
 * imports the types from `session-events.js`.
 */
const text = z.string();
const ms = z.number().min(0).describe('milliseconds');
const at = z.number().min(0).describe('milliseconds since the session started');
const itemId = z.string().describe('item of the conversation');
const responseId = z.string().describe('response of the model');
const contentIndex = z.int().min(0).describe('content part inside the item');
const part = { itemId, contentIndex };
const callId = z.string().describe('tool call');
const agent = text.describe('the agent that has the conversation, where there are agents');
const count = z.int().min(0);
const money = z.number().min(0).describe('in the currency of the price table, estimated from its prices');

const facts: z.ZodType<Facts> = z.record(text, z.union([text, z.number(), z.boolean(), z.array(text)]));
const told = {
  code: text,
  message: text,
  hint: text.optional().describe('what to do about it'),
  facts: facts.optional().describe('what it is about, as values'),
};

const tokens = z.object({
  text: count,
  audio: count,
  image: count,
  cached: count.describe('part of the others'),
  cachedAudio: count.optional().describe('part of cached, where the provider tells'),
  cachedImage: count.optional().describe('part of cached, where the provider tells'),
});
const usage = z.object({ input: tokens, output: tokens, total: count });

const message = z.object({
  kind: z.literal('message'),
  itemId,
  role: z.enum(messageRoles),
  text,
  state: z.enum(messageStates),
  heardMs: ms.optional(),
});
const toolCall = z.object({
  kind: z.literal('tool'),
  itemId,
  callId,
  name: text,
  arguments: text,
  output: text.optional(),
  state: z.enum(toolCallStates),
});

function event<const T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({ type: z.literal(type), at, ...shape });
}

export const sessionEventSchema = z.discriminatedUnion('type', [
  event('session.ready', {
    provider: text,
    model: text,
    sessionId: text,
    voice: text.optional(),
    inputRateHz: z.int(),
    outputRateHz: z.int(),
    expiresAt: z.number().optional().describe('Unix time in milliseconds'),
  }),
  event('session.ended', { exitCode: z.int(), reason: text, message: text.optional() }),
  event('link.lost', { code: z.int().describe('WebSocket close code'), reason: text }),
  event('link.restored', { stateRestored: z.boolean() }),
  event('speech.started', { itemId: itemId.optional(), audioStartMs: ms.optional() }),
  event('speech.stopped', { itemId: itemId.optional(), audioEndMs: ms.optional() }),
  event('user.transcript.delta', { itemId, delta: text, text: text.describe('all words so far') }),
  event('user.transcript.done', { itemId, text, typed: z.boolean().describe('written, not spoken') }),
  event('input.timeout', { itemId: itemId.optional() }),
  event('response.started', { responseId, agent: agent.optional() }),
  event('response.done', {
    responseId,
    status: z.enum(responseStatuses),
    reason: text.optional(),
    agent: agent.optional(),
    firstAudioMs: ms.optional().describe("from the end of the user's turn to the first sound received"),
    heardMs: ms.optional().describe("from the end of the user's turn to the first sound rendered"),
  }),
  event('assistant.text.delta', { responseId, ...part, delta: text }),
  event('assistant.text.done', { responseId, ...part, text, spoken: z.boolean() }),
  event('assistant.audio', {
    responseId,
    ...part,
    bytes: count.describe('PCM16 mono at outputRateHz'),
    audio: text.optional().describe('the samples as base64, where they were asked for'),
  }),
  event('assistant.audio.done', { responseId, ...part, receivedMs: ms }),
  event('playback.cleared', { itemId, heardMs: ms, receivedMs: ms }),
  event('tool.started', {
    callId,
    name: text,
    arguments: z.unknown().describe('parsed, or the text as it came'),
  }),
  event('tool.progress', {
    callId,
    name: text,
    elapsedMs: ms,
    message: text.optional(),
    progress: z.number().optional(),
    total: z.number().optional(),
  }),
  event('tool.finished', { callId, name: text, output: text, durationMs: ms }),
  event('tool.failed', { callId, name: text, code: text, message: text, durationMs: ms }),
  event('tool.cancelled', { callId, name: text, reason: text }),
  event('tool.approval.required', {
    callId,
    name: text,
    arguments: z.unknown(),
    remember: z.boolean().optional().describe('false: an answer counts for this call only'),
  }),
  event('agent.handoff', { from: text, to: text }),
  event('guardrail.tripped', {
    guardrail: text,
    responseId,
    message: text,
    callId: callId.optional().describe('of the call that was refused, where it was the input of a tool'),
  }),
  event('mcp.server', {
    server: text,
    state: z.enum(mcpServerStates),
    tools: z.array(text).describe('names of its tools, as the model calls them'),
    message: text.optional(),
  }),
  event('history.updated', {
    change: z.enum(historyChanges),
    item: z.discriminatedUnion('kind', [message, toolCall]),
    index: count.describe('place in the conversation'),
  }),
  event('usage', {
    usage,
    session: usage.describe('all responses so far'),
    cost: z
      .object({
        amount: money,
        session: money.describe('all responses so far'),
        currency: text,
        pricesOf: text.describe('date of the price table, YYYY-MM-DD'),
      })
      .optional()
      .describe('absent where no price of the model is known'),
  }),
  event('warning', told),
  event('error', { ...told, fatal: z.boolean() }),
]);
