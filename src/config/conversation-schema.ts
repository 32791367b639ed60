import { z } from 'zod';
import type { ConversationRules } from '../contract/conversation-options.js';
import { defaultTextLength } from '../contract/limits.js';
import { name } from './values.js';

const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

const outputPrices = z.strictObject({
  text: z.number().min(0),
  audio: z.number().min(0).optional(),
});

const inputPrices = outputPrices.extend({
  image: z.number().min(0).optional(),
  cachedText: z.number().min(0).optional(),
  cachedAudio: z.number().min(0).optional(),
  cachedImage: z.number().min(0).optional(),
});

/** Keyed by the names of `ConversationRules`: a rule without a key here is a compile error. */
export const conversationKeys = {
  historyLimit: z
    .strictObject({
      turns: z.int().min(1).max(10_000).optional(),
      tokens: z.int().min(100).max(10_000_000).optional(),
    })
    .optional(),
  limits: z
    .strictObject({
      cost: amount.optional(),
      turns: z.int().min(1).max(1_000_000).optional(),
      durationS: z.number().min(1).max(604_800).optional(),
      toolRounds: z.int().min(1).max(10_000).optional(),
      callsPerAnswer: z.int().min(1).max(10_000).optional(),
      textLength: z.int().min(1000).max(defaultTextLength).optional(),
    })
    .optional(),
  prices: z
    .strictObject({
      date: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/)
        .describe('a day such as 2026-01-31'),
      currency: name,
      models: z.record(name, z.strictObject({ input: inputPrices, output: outputPrices })),
    })
    .optional(),
} satisfies Readonly<Record<keyof ConversationRules, z.ZodType>>;
