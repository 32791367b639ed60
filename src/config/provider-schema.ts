import { z } from 'zod';
import { providerTurns, transcriptKinds, truncationKinds, usageKinds } from '../contract/profile.js';
import { reasoningEfforts, speechDetectors } from '../contract/settings.js';
import { speechFormats } from '../contract/sound-options.js';
import { type CompatOptions, compatPresets } from '../providers/compatible/compat-options.js';
import {
  maxTokensKeys,
  sampleFormats,
  sessionShapes,
  toolNestings,
  topLevelFields,
  wireGenerations,
} from '../providers/compatible/wire-choices.js';
import type { VendorOptionName, VendorOptions } from '../providers/vendor-options.js';
import { name, socketAddress, texts, variableName, webAddress } from './values.js';

const rateHz = z.int().min(8000).max(48_000);

const engine = {
  url: webAddress,
  model: name.optional(),
  keyVariable: variableName.optional(),
  timeoutMs: z.int().min(100).max(600_000).optional(),
};

const engines = z.strictObject({
  hear: z.strictObject({ ...engine, prompt: z.string().optional() }).optional(),
  think: z
    .strictObject({
      ...engine,
      temperature: z.number().min(0).max(2).optional(),
      reasoningEffort: z.enum(reasoningEfforts).optional(),
    })
    .optional(),
  speak: z
    .strictObject({
      ...engine,
      voice: name.optional(),
      format: z.enum(speechFormats).optional(),
      rateHz: rateHz.optional(),
    })
    .optional(),
  turns: z.strictObject({ type: z.enum(speechDetectors), model: name.optional() }).optional(),
} satisfies Readonly<Record<keyof NonNullable<VendorOptions['engines']>, z.ZodType>>);

/** How a server differs from the one it is compatible with. */
const compat = z.strictObject({
  preset: z.enum(compatPresets).optional(),
  dialect: z.enum(wireGenerations).optional(),
  inputRateHz: rateHz.optional(),
  outputRateHz: rateHz.optional(),
  transcriptionModel: name.nullable().optional(),
  transcriptionModelFixed: z.boolean().optional(),
  shape: z.enum(sessionShapes).optional(),
  sessionType: z.boolean().optional(),
  content: z.enum(wireGenerations).optional(),
  atTopLevel: z.array(z.enum(topLevelFields)).optional(),
  semanticTurns: name.optional(),
  customVoices: z.boolean().optional(),
  turnsSayWhatFollows: z.boolean().optional(),
  toolNesting: z.enum(toolNestings).optional(),
  maxTokensKey: z.enum(maxTokensKeys).optional(),
  responseMetadata: z.boolean().optional(),
  textIsSpoken: z.boolean().optional(),
  repeatsTranscripts: z.boolean().optional(),
  turns: z.enum(providerTurns).optional(),
  truncation: z.enum(truncationKinds).optional(),
  interruptsItself: z.boolean().optional(),
  tools: z.boolean().optional(),
  parallelTools: z.boolean().optional(),
  images: z.boolean().optional(),
  typedText: z.boolean().optional(),
  deletesItems: z.boolean().optional(),
  userTranscripts: z.enum(transcriptKinds).optional(),
  cancelAnswersDone: z.boolean().optional(),
  createAfterTool: z.boolean().optional(),
  acknowledgesItems: z.boolean().optional(),
  sessionLimitS: z.int().min(1).nullable().optional(),
  idleLimitS: z.int().min(1).nullable().optional(),
  pingEveryS: z.int().min(1).nullable().optional(),
  keepAliveS: z.int().min(1).nullable().optional(),
  usage: z.enum(usageKinds).optional(),
} satisfies Readonly<Record<keyof CompatOptions, z.ZodType>>);

/** Options that only some providers have; the catalog says which. */
const vendorKeys = {
  region: name.optional(),
  workspace: name.optional(),
  folder: name.optional(),
  resource: name.optional(),
  bot: name.optional(),
  customModel: name.optional(),
  legacy: z.boolean().optional(),
  outputRateHz: rateHz.optional(),
  inputFormat: z.enum(sampleFormats).optional(),
  outputFormat: z.enum(sampleFormats).optional(),
  headers: texts.optional(),
  compat: compat.optional(),
  engines: engines.optional(),
} satisfies Readonly<Record<VendorOptionName, z.ZodType>>;

/** Options that every provider's section may have. */
export const commonSectionKeys = {
  model: name.optional(),
  voice: name.optional(),
  url: socketAddress.optional(),
  /** Fields of the provider's own session object, merged over ours. */
  session: z.record(name, z.unknown()).optional(),
};

/** `providers.<id>`: used when that provider is selected; these values override those at the top level of the file. */
export const providerSection = z.strictObject({ ...commonSectionKeys, ...vendorKeys });
