import { z } from 'zod';
import { compatPresets } from '../providers/compatible/compat-options.js';
import { agentKeys, toolsSchema } from './agent-schema.js';
import { mcpServersSchema } from './mcp/mcp-schema.js';

/** The configuration file. Every key is documented in `config.example.json`, which a test validates against this. */
const name = z.string().min(1).describe('a text that is not empty');

const address = z.url({ protocol: /^wss?$/ }).describe('a WebSocket address such as ws://127.0.0.1:8000/v1');
const webAddress = z.url({ protocol: /^https?$/ }).describe('a web address such as https://example.org/v1');
const device = z.union([name, z.int().min(0)]).describe('the index of a device or a part of its name');

const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .describe('a language tag such as en, de or pt-BR');

const turnChoices = { createResponse: z.boolean().optional(), interruptResponse: z.boolean().optional() };

const turnDetection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('client'),
    threshold: z.number().min(0).max(1).optional(),
    prefixPaddingMs: z.int().min(0).max(5000).optional(),
    silenceMs: z.int().min(100).max(10_000).optional(),
    minSpeechMs: z.int().min(0).max(2000).optional(),
    detector: z.enum(['energy', 'silero']).optional(),
    /** Path of the Silero network. */
    model: name.optional(),
  }),
  z.strictObject({
    type: z.literal('server'),
    threshold: z.number().min(0).max(1).optional(),
    prefixPaddingMs: z.int().min(0).max(5000).optional(),
    silenceMs: z.int().min(100).max(10_000).optional(),
    idleTimeoutMs: z.int().min(5000).max(30_000).optional(),
    ...turnChoices,
  }),
  z.strictObject({
    type: z.literal('semantic'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
    ...turnChoices,
  }),
]);

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .describe('the name of an environment variable such as GROQ_API_KEY');

const engine = {
  url: webAddress,
  model: name.optional(),
  keyVariable: variable.optional(),
  timeoutMs: z.int().min(100).max(600_000).optional(),
};

const engines = z.strictObject({
  hear: z.strictObject({ ...engine, prompt: z.string().optional() }).optional(),
  think: z
    .strictObject({
      ...engine,
      temperature: z.number().min(0).max(2).optional(),
      reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
    })
    .optional(),
  speak: z
    .strictObject({
      ...engine,
      voice: name.optional(),
      format: z.enum(['pcm', 'wav']).optional(),
      rateHz: z.int().min(8000).max(48_000).optional(),
    })
    .optional(),
  turns: z.strictObject({ type: z.enum(['energy', 'silero']), model: name.optional() }).optional(),
});

/** How a server differs from the one it is compatible with. */
const compat = z.strictObject({
  preset: z.enum(compatPresets).optional(),
  dialect: z.enum(['ga', 'beta']).optional(),
  inputRateHz: z.int().min(8000).max(48_000).optional(),
  outputRateHz: z.int().min(8000).max(48_000).optional(),
  transcriptionModel: name.nullable().optional(),
  transcriptionModelFixed: z.boolean().optional(),
  shape: z.enum(['nested', 'flat']).optional(),
  sessionType: z.boolean().optional(),
  content: z.enum(['ga', 'beta']).optional(),
  atTopLevel: z.array(z.enum(['voice', 'turn_detection'])).optional(),
  semanticTurns: name.optional(),
  customVoices: z.boolean().optional(),
  turnsSayWhatFollows: z.boolean().optional(),
  toolNesting: z.enum(['flat', 'nested']).optional(),
  maxTokensKey: z.enum(['max_output_tokens', 'max_response_output_tokens', 'max_tokens']).optional(),
  responseMetadata: z.boolean().optional(),
  textIsSpoken: z.boolean().optional(),
  repeatsTranscripts: z.boolean().optional(),
  turns: z.enum(['none', 'server', 'semantic', 'model']).optional(),
  truncation: z.enum(['explicit', 'server', 'none']).optional(),
  interruptsItself: z.boolean().optional(),
  tools: z.boolean().optional(),
  parallelTools: z.boolean().optional(),
  images: z.boolean().optional(),
  typedText: z.boolean().optional(),
  deletesItems: z.boolean().optional(),
  userTranscripts: z.enum(['append', 'replace', 'none']).optional(),
  cancelAnswersDone: z.boolean().optional(),
  createAfterTool: z.boolean().optional(),
  acknowledgesItems: z.boolean().optional(),
  sessionLimitS: z.int().min(1).nullable().optional(),
  idleLimitS: z.int().min(1).nullable().optional(),
  pingEveryS: z.int().min(1).nullable().optional(),
  keepAliveS: z.int().min(1).nullable().optional(),
  usage: z.enum(['delta', 'cumulative', 'none']).optional(),
});

const serverTool = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('web_search') }),
  z.strictObject({ type: z.literal('x_search') }),
  z.strictObject({ type: z.literal('file_search'), storeIds: z.array(name).min(1) }),
  z.strictObject({
    type: z.literal('mcp'),
    label: name,
    url: webAddress.optional(),
    connectorId: name.optional(),
    /** A secret stays in the environment. */
    authorizationVariable: variable.optional(),
    allowedTools: z.array(name).optional(),
    requireApproval: z.enum(['always', 'never']).optional(),
  }),
]);

const texts = z.record(name, z.string());

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  provider: name.optional(),
  model: name.optional(),
  voice: name.optional(),
  /** Text, or `@file` relative to the configuration file. */
  instructions: z.string().optional(),
  language: language.optional(),
  url: address.optional(),
  insecure: z.boolean().optional(),
  audio: z
    .strictObject({
      backend: z
        .enum(['auto', 'portaudio', 'pulse', 'pipewire', 'alsa', 'sox', 'ffmpeg', 'decibri'])
        .optional(),
      inputDevice: device.optional(),
      outputDevice: device.optional(),
      echo: z.enum(['auto', 'gate', 'half-duplex', 'off']).optional(),
    })
    .optional(),
  turns: turnDetection.optional(),
  transcription: z
    .strictObject({
      model: name.optional(),
      prompt: z.string().optional(),
      keywords: z.array(name).optional(),
      languages: z.array(language).optional(),
      delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
    })
    .optional(),
  modality: z.enum(['audio', 'text']).optional(),
  noiseReduction: z.enum(['near', 'far', 'off']).optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
  maxOutputTokens: z
    .union([z.int().min(1).max(4096), z.literal('inf')])
    .describe('a whole number from 1 to 4096, or inf')
    .optional(),
  reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
  temperature: z.number().min(0).max(2).optional(),
  prompt: z.strictObject({ id: name, version: name.optional(), variables: texts.optional() }).optional(),
  tracing: z
    .union([
      z.enum(['auto', 'off']),
      z.strictObject({
        workflowName: name.optional(),
        groupId: name.optional(),
        metadata: z.record(name, z.unknown()).optional(),
      }),
    ])
    .optional(),
  contextTruncation: z
    .union([
      z.enum(['auto', 'disabled']),
      z.strictObject({
        retentionRatio: z.number().min(0).max(1),
        postInstructionTokens: z.int().min(0).optional(),
      }),
    ])
    .optional(),
  /** Tools that the provider runs itself. */
  serverTools: z.array(serverTool).optional(),
  /** Built-in names, modules relative to the configuration file, or programs. */
  tools: toolsSchema.optional(),
  toolChoice: z
    .union([z.enum(['auto', 'none', 'required']), z.strictObject({ name })])
    .describe('auto, none, required, or {"name": "…"}')
    .optional(),
  parallelToolCalls: z.boolean().optional(),
  toolTimeoutMs: z.int().min(100).max(600_000).optional(),
  ...agentKeys,
  mcpServers: mcpServersSchema.optional(),
  /** A file with more of them, in the form other programs share. */
  mcpConfig: name.optional(),
  weather: z
    .strictObject({ geocodingUrl: webAddress.optional(), forecastUrl: webAddress.optional() })
    .optional(),
  scenario: name.optional(),
  record: name.optional(),
  logFile: name.optional(),
  /**
   * Per provider, taken when that provider is selected: the same keys as above for model, voice and url, and what only
   * this provider has. The catalog says which.
   */
  providers: z
    .record(
      name,
      z.strictObject({
        model: name.optional(),
        voice: name.optional(),
        url: address.optional(),
        region: name.optional(),
        workspace: name.optional(),
        folder: name.optional(),
        resource: name.optional(),
        bot: name.optional(),
        customModel: name.optional(),
        legacy: z.boolean().optional(),
        outputRateHz: z.int().min(8000).max(48_000).optional(),
        inputFormat: z.enum(['pcm16', 'pcmu', 'pcma']).optional(),
        outputFormat: z.enum(['pcm16', 'pcmu', 'pcma']).optional(),
        headers: texts.optional(),
        compat: compat.optional(),
        engines: engines.optional(),
        /** Fields of the provider's own session object, laid over ours. */
        session: z.record(name, z.unknown()).optional(),
      }),
    )
    .optional(),
});

export type Config = z.infer<typeof configSchema>;
