import { z } from 'zod';
import { sessionEventSchema } from '../contract/session-event-schema.js';

/**
 * Every line that `--json` writes: a header, the session's events, a result. Published as JSON Schema with the package
 * (`voxterm/events.schema.json`) and covered by semantic versioning.
 */
const count = z.int().min(0);
const ms = z.number().min(0).describe('milliseconds');
const tokens = z.object({
  text: count,
  audio: count,
  image: count,
  cached: count.describe('part of the others'),
  cachedAudio: count.optional().describe('part of cached, where the provider tells'),
  cachedImage: count.optional().describe('part of cached, where the provider tells'),
});

export const headerSchema = z.object({
  type: z.literal('header'),
  schema: z.literal(1).describe('version of this format'),
  version: z.string().describe('version of the program that writes this'),
});

export const resultSchema = z.object({
  type: z.literal('result'),
  exitCode: z.int().min(0).max(255),
  reason: z.string().describe('why it ended, in one word'),
  message: z.string().optional().describe('what went wrong, in a sentence'),
  provider: z.string(),
  model: z.string(),
  agent: z.string().optional().describe('the last agent, where there are agents'),
  turns: count.describe('turns of the user'),
  heard: z.array(z.string()).describe('what the user said, turn by turn'),
  said: z.array(z.string()).describe('what the assistant said, as far as it was heard'),
  tools: z.array(z.object({ name: z.string(), callId: z.string(), ok: z.boolean() })),
  output: z
    .object({ path: z.string(), durationMs: ms })
    .nullable()
    .describe('the reply as written to disk or standard output'),
  latencies: z.object({
    firstAudioMs: z.array(ms).describe("from the end of each turn to the answer's first sound"),
  }),
  usage: z.object({ input: tokens, output: tokens, total: count }),
  cost: z
    .object({
      amount: z.number().min(0),
      currency: z.string(),
      pricesOf: z.string().describe('date of the price table, YYYY-MM-DD'),
    })
    .nullable()
    .describe('estimated; null where no prices are known'),
});

export const lineSchema = z.discriminatedUnion('type', [
  headerSchema,
  ...sessionEventSchema.options,
  resultSchema,
]);
