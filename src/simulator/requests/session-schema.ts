import { z } from 'zod';

/** A vendor's limits inside the GA shape. Pairs are minimum and maximum. */
export interface WireLimits {
  /** Of PCM. */
  readonly rateHz: readonly [number, number];
  readonly threshold: readonly [number, number];
  readonly silenceMs: readonly [number, number];
  readonly outputTokens: number;
  /** Null: any name is accepted. */
  readonly voices: readonly string[] | null;
}

export const gaLimits: WireLimits = {
  rateHz: [24_000, 24_000],
  threshold: [0, 1],
  silenceMs: [0, Number.MAX_SAFE_INTEGER],
  outputTokens: 4096,
  voices: ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'],
};

/** Settings as clients send them: GA dialect, strict, because a misspelt key should be noticed. */
const formatWithin = ([least, most]: WireLimits['rateHz']) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('audio/pcm'), rate: z.int().min(least).max(most).default(24_000) }),
    z.strictObject({ type: z.literal('audio/pcmu') }),
    z.strictObject({ type: z.literal('audio/pcma') }),
  ]);

const turnDetectionWithin = ({ threshold, silenceMs }: WireLimits) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('server_vad'),
      threshold: z.number().min(threshold[0]).max(threshold[1]).optional(),
      prefix_padding_ms: z.int().min(0).optional(),
      silence_duration_ms: z.int().min(silenceMs[0]).max(silenceMs[1]).optional(),
      idle_timeout_ms: z.int().min(5000).max(30_000).nullable().optional(),
      create_response: z.boolean().optional(),
      interrupt_response: z.boolean().optional(),
    }),
    z.strictObject({
      type: z.literal('semantic_vad'),
      eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
      create_response: z.boolean().optional(),
      interrupt_response: z.boolean().optional(),
    }),
  ]);

const transcription = z.strictObject({
  model: z.string().optional(),
  language: z.string().optional(),
  languages: z.array(z.string()).optional(),
  keywords: z.array(z.string()).optional(),
  prompt: z.string().optional(),
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const voiceWithin = (voices: WireLimits['voices']) => {
  const name: z.ZodType<string> = voices === null ? z.string().min(1) : z.enum([...voices]);
  return z.union([name, z.strictObject({ id: z.string() })]);
};

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
/** Accepted as the real server does; nothing here connects to it. */
const mcpTool = z.looseObject({ type: z.literal('mcp'), server_label: z.string() });
const tools = z.array(z.discriminatedUnion('type', [functionTool, mcpTool]));

const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.strictObject({ type: z.literal('function'), name: z.string() }),
  z.looseObject({ type: z.literal('mcp'), server_label: z.string() }),
]);

const modalities = z.array(z.enum(['text', 'audio'])).min(1);
const maxOutputTokensWithin = (most: number) => z.union([z.literal('inf'), z.int().min(1).max(most)]);
const reasoning = z.strictObject({
  effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});
const prompt = z.looseObject({ id: z.string() }).nullable();

export function sessionSchemas(limits: WireLimits) {
  const format = formatWithin(limits.rateHz);
  const turnDetection = turnDetectionWithin(limits);
  const voice = voiceWithin(limits.voices);
  const maxOutputTokens = maxOutputTokensWithin(limits.outputTokens);
  const patch = z.strictObject({
    type: z.literal('realtime'),
    model: z.string().optional(),
    output_modalities: modalities.optional(),
    instructions: z.string().optional(),
    audio: z
      .strictObject({
        input: z
          .strictObject({
            format: format.optional(),
            noise_reduction: z
              .strictObject({ type: z.enum(['near_field', 'far_field']), strength: z.number().optional() })
              .nullable()
              .optional(),
            transcription: transcription.nullable().optional(),
            turn_detection: turnDetection.nullable().optional(),
          })
          .optional(),
        output: z
          .strictObject({
            format: format.optional(),
            voice: voice.optional(),
            speed: z.number().min(0.25).max(1.5).optional(),
          })
          .optional(),
      })
      .optional(),
    max_output_tokens: maxOutputTokens.optional(),
    tools: tools.optional(),
    tool_choice: toolChoice.optional(),
    parallel_tool_calls: z.boolean().optional(),
    reasoning: reasoning.nullable().optional(),
    prompt: prompt.optional(),
    tracing: z
      .union([
        z.literal('auto'),
        z.strictObject({
          workflow_name: z.string().optional(),
          group_id: z.string().optional(),
          metadata: z.record(z.string(), z.unknown()).optional(),
        }),
      ])
      .nullable()
      .optional(),
    truncation: z
      .union([
        z.enum(['auto', 'disabled']),
        z.strictObject({
          type: z.literal('retention_ratio'),
          retention_ratio: z.number().min(0).max(1),
          token_limits: z.strictObject({ post_instructions: z.int().min(0).optional() }).optional(),
        }),
      ])
      .optional(),
    include: z.array(z.literal('item.input_audio_transcription.logprobs')).nullable().optional(),
  });

  /** What `response.create` may set for one answer, without the items in `input`. */
  const responseShape = {
    conversation: z.enum(['auto', 'none']).optional(),
    instructions: z.string().optional(),
    output_modalities: modalities.optional(),
    audio: z
      .strictObject({
        output: z.strictObject({ format: format.optional(), voice: voice.optional() }).optional(),
      })
      .optional(),
    tools: tools.optional(),
    tool_choice: toolChoice.optional(),
    parallel_tool_calls: z.boolean().optional(),
    reasoning: reasoning.optional(),
    prompt: prompt.optional(),
    metadata: z.record(z.string(), z.string()).nullable().optional(),
    max_output_tokens: maxOutputTokens.optional(),
  };
  return { patch, responseShape };
}

export type SessionPatch = z.infer<ReturnType<typeof sessionSchemas>['patch']>;
