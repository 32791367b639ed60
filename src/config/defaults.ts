import { localEntry } from '../providers/catalog.js';
import type { Config } from './schema.js';

/** What holds where nobody says otherwise. What is missing here is the provider's to decide. */
export const defaults = {
  provider: localEntry.id,
  insecure: false,
  audio: { backend: 'auto', echo: 'auto' },
  tools: ['get_weather', 'get_time'],
  toolTimeoutMs: 10_000,
} as const satisfies Readonly<Record<string, unknown>>;

/** The same as the weakest layer of a configuration. */
export const defaultConfig: Config = { ...defaults, tools: [...defaults.tools] };
