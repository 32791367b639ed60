import { localEntry } from '../providers/catalog.js';
import type { Config } from './schema.js';

/** The defaults. The provider decides everything that is missing here. */
export const defaults = {
  provider: localEntry.id,
  insecure: false,
  audio: { backend: 'auto', echo: 'auto' },
  tools: ['get_weather', 'get_time'],
  toolTimeoutMs: 10_000,
} as const satisfies Readonly<Record<string, unknown>>;

/** The defaults as the layer with the lowest precedence. */
export const defaultConfig: Config = { ...defaults, tools: [...defaults.tools] };
