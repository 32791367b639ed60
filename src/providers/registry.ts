import { nearestName } from '../base/nearest-name.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { catalog, type ProviderId } from './catalog.js';
import type { Provider } from './provider.js';

/** Loads each provider on first use, so that starting stays fast. */
const loaders: Readonly<Record<ProviderId, () => Promise<Provider>>> = {
  local: async () => (await import('./local/provider.js')).local,
  openai: async () => (await import('./openai/provider.js')).openai,
  azure: async () => (await import('./azure/provider.js')).azure,
  gemini: async () => (await import('./gemini/provider.js')).gemini,
  dashscope: async () => (await import('./dashscope/provider.js')).dashscope,
  xai: async () => (await import('./xai/provider.js')).xai,
  volcengine: async () => (await import('./volcengine/provider.js')).volcengine,
  yandex: async () => (await import('./yandex/provider.js')).yandex,
};

export function providerIds(): readonly string[] {
  return catalog.map(({ id }) => id);
}

/** @throws VoxtermError exit 2 for an unknown id. */
export async function findProvider(id: string): Promise<Provider> {
  const entry = catalog.find((known) => known.id === id);
  if (entry !== undefined) return loaders[entry.id]();
  const ids = providerIds();
  const nearest = nearestName(id, ids);
  const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  throw new VoxtermError(`There is no provider named "${id}".`, {
    code: 'provider.unknown',
    exitCode: ExitCode.usage,
    hint: `${meant}Known providers: ${ids.join(', ')}.`,
  });
}
