import { z } from 'zod';

/** Types of values that several parts of the configuration file share, with their descriptions for messages. */
export const name = z.string().min(1).describe('a text that is not empty');

export const webAddress = z
  .url({ protocol: /^https?$/ })
  .describe('a web address such as https://example.org/v1');

export const socketAddress = z
  .url({ protocol: /^wss?$/ })
  .describe('a WebSocket address such as ws://127.0.0.1:8000/v1');

export const languageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .describe('a language tag such as en, de or pt-BR');

export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .describe('the name of an environment variable such as GROQ_API_KEY');

export const texts = z.record(name, z.string());
