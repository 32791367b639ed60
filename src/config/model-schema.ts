import { z } from 'zod';
import {
  contextTruncations,
  eagernessLevels,
  mcpToolApprovals,
  modalities,
  noiseReductions,
  reasoningEfforts,
  type ServerToolType,
  type SettingName,
  speechDetectors,
  type TurnType,
  toolChoices,
  tracingModes,
  transcriptionDelays,
} from '../contract/settings.js';
import { languageTag, name, texts, variableName, webAddress } from './values.js';

/** The settings of the model, in the configuration file. */
const choices = { createResponse: z.boolean().optional(), interruptResponse: z.boolean().optional() };

const { none, ...otherTurns } = {
  none: z.strictObject({ type: z.literal('none') }),
  client: z.strictObject({
    type: z.literal('client'),
    threshold: z.number().min(0).max(1).optional(),
    prefixPaddingMs: z.int().min(0).max(5000).optional(),
    silenceMs: z.int().min(100).max(10_000).optional(),
    minSpeechMs: z.int().min(0).max(2000).optional(),
    detector: z.enum(speechDetectors).optional(),
    /** Path of the Silero model. */
    model: name.optional(),
  }),
  server: z.strictObject({
    type: z.literal('server'),
    threshold: z.number().min(0).max(1).optional(),
    prefixPaddingMs: z.int().min(0).max(5000).optional(),
    silenceMs: z.int().min(100).max(10_000).optional(),
    idleTimeoutMs: z.int().min(5000).max(30_000).optional(),
    ...choices,
  }),
  semantic: z.strictObject({
    type: z.literal('semantic'),
    eagerness: z.enum(eagernessLevels).optional(),
    ...choices,
  }),
} satisfies Record<TurnType, z.ZodObject>;

const { web_search, ...otherServerTools } = {
  web_search: z.strictObject({ type: z.literal('web_search') }),
  x_search: z.strictObject({ type: z.literal('x_search') }),
  file_search: z.strictObject({ type: z.literal('file_search'), storeIds: z.array(name).min(1) }),
  mcp: z.strictObject({
    type: z.literal('mcp'),
    label: name,
    url: webAddress.optional(),
    connectorId: name.optional(),
    /** A secret stays in the environment. */
    authorizationVariable: variableName.optional(),
    allowedTools: z.array(name).optional(),
    requireApproval: z.enum(mcpToolApprovals).optional(),
  }),
} satisfies Record<ServerToolType, z.ZodObject>;

/** `turns` is the short name of `turnDetection`; the file holds the names of `tools`, which are then loaded. */
type Key = Exclude<SettingName, 'turnDetection' | 'tools'> | 'turns';

/** Keyed by the names of `SessionSettings`: a setting without a key here is a compile error. */
export const modelKeys = {
  voice: name.optional(),
  /** Text, or `@file` relative to the configuration file. */
  instructions: z.string().optional(),
  turns: z.discriminatedUnion('type', [none, ...Object.values(otherTurns)]).optional(),
  transcription: z
    .strictObject({
      model: name.optional(),
      prompt: z.string().optional(),
      keywords: z.array(name).optional(),
      languages: z.array(languageTag).optional(),
      delay: z.enum(transcriptionDelays).optional(),
    })
    .optional(),
  modality: z.enum(modalities).optional(),
  noiseReduction: z.enum(noiseReductions).optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
  maxOutputTokens: z
    .union([z.int().min(1).max(4096), z.literal('inf')])
    .describe('a whole number from 1 to 4096, or inf')
    .optional(),
  reasoningEffort: z.enum(reasoningEfforts).optional(),
  temperature: z.number().min(0).max(2).optional(),
  prompt: z.strictObject({ id: name, version: name.optional(), variables: texts.optional() }).optional(),
  tracing: z
    .union([
      z.enum(tracingModes),
      z.strictObject({
        workflowName: name.optional(),
        groupId: name.optional(),
        metadata: z.record(name, z.unknown()).optional(),
      }),
    ])
    .optional(),
  contextTruncation: z
    .union([
      z.enum(contextTruncations),
      z.strictObject({
        retentionRatio: z.number().min(0).max(1),
        postInstructionTokens: z.int().min(0).optional(),
      }),
    ])
    .optional(),
  /** Tools that the provider runs itself. */
  serverTools: z
    .array(z.discriminatedUnion('type', [web_search, ...Object.values(otherServerTools)]))
    .optional(),
  toolChoice: z
    .union([z.enum(toolChoices), z.strictObject({ name })])
    .describe(`${toolChoices.join(', ')}, or {"name": "…"}`)
    .optional(),
  parallelToolCalls: z.boolean().optional(),
} satisfies Readonly<Record<Key, z.ZodType>>;
