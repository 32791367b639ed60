import { z } from 'zod';
import { backendChoices, echoChoices, type SoundChoices } from '../contract/sound-options.js';
import { agentKeys, toolsSchema } from './agent-schema.js';
import { conversationKeys } from './conversation-schema.js';
import { mcpServersSchema } from './mcp/mcp-schema.js';
import { modelKeys } from './model-schema.js';
import { providerSection } from './provider-schema.js';
import { languageTag, name, socketAddress, webAddress } from './values.js';

const device = z.union([name, z.int().min(0)]).describe('the index of a device or a part of its name');

const soundKeys = {
  backend: z.enum(backendChoices).optional(),
  inputDevice: device.optional(),
  outputDevice: device.optional(),
  echo: z.enum(echoChoices).optional(),
} satisfies Readonly<Record<keyof SoundChoices, z.ZodType>>;

const { voice, instructions, ...otherModelKeys } = modelKeys;

/**
 * The configuration file. Every key is documented in `config.example.json`, which a test validates against this. Most
 * keys come in groups, each of which is passed on whole: settings of the model, rules of the conversation, agents,
 * sound.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  provider: name.optional(),
  model: name.optional(),
  voice,
  instructions,
  language: languageTag.optional(),
  url: socketAddress.optional(),
  insecure: z.boolean().optional(),
  audio: z.strictObject(soundKeys).optional(),
  ...otherModelKeys,
  /** Names of built-in tools, modules relative to the configuration file, or programs. */
  tools: toolsSchema.optional(),
  toolTimeoutMs: z.int().min(100).max(600_000).optional(),
  ...agentKeys,
  ...conversationKeys,
  trace: name.optional(),
  mcpServers: mcpServersSchema.optional(),
  /** A file with more servers, in the format that other programs use, too. */
  mcpConfig: name.optional(),
  weather: z
    .strictObject({ geocodingUrl: webAddress.optional(), forecastUrl: webAddress.optional() })
    .optional(),
  scenario: name.optional(),
  record: name.optional(),
  logFile: name.optional(),
  providers: z.record(name, providerSection).optional(),
});

export type Config = z.infer<typeof configSchema>;
