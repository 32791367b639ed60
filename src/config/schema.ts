import { z } from 'zod';

/** The configuration file. Every key is documented in `config.example.json`, which a test validates against this. */
const name = z.string().min(1).describe('a text that is not empty');

const address = z.url({ protocol: /^wss?$/ }).describe('a WebSocket address such as ws://127.0.0.1:8000/v1');
const webAddress = z.url({ protocol: /^https?$/ }).describe('a web address such as https://example.org/v1');
const device = z.union([name, z.int().min(0)]).describe('the index of a device or a part of its name');

const turnDetection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('server'),
    threshold: z.number().min(0).max(1).optional(),
    prefixPaddingMs: z.int().min(0).max(5000).optional(),
    silenceMs: z.int().min(100).max(10_000).optional(),
    idleTimeoutMs: z.int().min(5000).max(30_000).optional(),
  }),
  z.strictObject({
    type: z.literal('semantic'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
  }),
]);

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  provider: name.optional(),
  model: name.optional(),
  voice: name.optional(),
  /** Text, or `@file` relative to the configuration file. */
  instructions: z.string().optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .describe('a language tag such as en, de or pt-BR')
    .optional(),
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
  transcription: z.strictObject({ model: name.optional(), prompt: z.string().optional() }).optional(),
  modality: z.enum(['audio', 'text']).optional(),
  noiseReduction: z.enum(['near', 'far', 'off']).optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
  maxOutputTokens: z.int().min(1).max(4096).optional(),
  reasoningEffort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
  /** Built-in names, or modules relative to the configuration file. */
  tools: z.array(name).optional(),
  toolTimeoutMs: z.int().min(100).max(600_000).optional(),
  weather: z
    .strictObject({ geocodingUrl: webAddress.optional(), forecastUrl: webAddress.optional() })
    .optional(),
  scenario: name.optional(),
  record: name.optional(),
  logFile: name.optional(),
  /** Per provider: the same keys as above for model, voice and url, taken when that provider is selected. */
  providers: z
    .record(
      name,
      z.strictObject({
        model: name.optional(),
        voice: name.optional(),
        url: address.optional(),
      }),
    )
    .optional(),
});

export type Config = z.infer<typeof configSchema>;
