import type { Dialect } from '../wire/dialect.js';
import type { DialectId } from '../wire/dialect-ids.js';
import type { DialectOptions } from '../wire/dialect-options.js';

const loaders: Readonly<Record<DialectId, (options: DialectOptions) => Promise<Dialect>>> = {
  openai: async (options) => (await import('./openai/dialect.js')).openaiDialect(options),
  beta: async () => (await import('./beta/dialect.js')).betaDialect(),
  azure: async (options) => (await import('./azure/dialect.js')).azureDialect(options),
  gemini: async (options) => (await import('./gemini/dialect.js')).geminiDialect(options),
  dashscope: async () => (await import('./dashscope/dialect.js')).dashscopeDialect(),
  volcengine: async () => (await import('./volcengine/dialect.js')).volcengineDialect(),
  yandex: async (options) => (await import('./yandex/dialect.js')).yandexDialect(options),
  xai: async () => (await import('./xai/dialect.js')).xaiDialect(),
};

/** A dialect for one server; its conversations are not shared with other servers. */
export function loadDialect(id: DialectId, options: DialectOptions = {}): Promise<Dialect> {
  return loaders[id](options);
}
