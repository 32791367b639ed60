import type { Dialect } from './dialect.js';
import type { DialectId } from './names.js';

/** How a dialect may be asked to behave beyond its usual self, and what its account holds. */
export interface DialectOptions {
  /** Voices of any name are taken, not only the vendor's own; this is the usual one. */
  readonly anyVoice?: { readonly usual: string } | undefined;
  /** Deployments of the simulated resource beside the usual ones. */
  readonly deployments?: readonly string[] | undefined;
  /** How often the caller of a simulated call speaks before he hangs up; default 1. */
  readonly callerTurns?: number | undefined;
  /** Peculiarities by name that the vendor shows only sometimes. */
  readonly quirks?: readonly string[] | undefined;
  /** Longest connection in seconds, where that is not the same as the longest session. */
  readonly connectionLimitS?: number | undefined;
}

const loaders: Readonly<Record<DialectId, (options: DialectOptions) => Promise<Dialect>>> = {
  openai: async (options) => (await import('./openai.js')).openaiDialect(options),
  beta: async () => (await import('./beta.js')).betaDialect(),
  azure: async (options) => (await import('./azure.js')).azureDialect(options),
  gemini: async (options) => (await import('./gemini/gemini.js')).geminiDialect(options),
  dashscope: async () => (await import('./dashscope/dialect.js')).dashscopeDialect(),
  volcengine: async () => (await import('./volcengine.js')).volcengineDialect(),
  yandex: async (options) => (await import('./yandex/dialect.js')).yandexDialect(options),
  xai: async () => (await import('./xai/dialect.js')).xaiDialect(),
};

/** A dialect with a memory of its own, for one server. */
export function loadDialect(id: DialectId, options: DialectOptions = {}): Promise<Dialect> {
  return loaders[id](options);
}
