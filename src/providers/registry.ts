import { nearestName } from '../base/nearest-name.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import {
  azureEntry,
  catalog,
  dashscopeEntry,
  geminiEntry,
  localEntry,
  openaiEntry,
  volcengineEntry,
  xaiEntry,
  yandexEntry,
} from './catalog.js';
import type { Provider } from './provider.js';

/** Loads each provider on first use, so that starting stays fast. */
const loaders: ReadonlyMap<string, () => Promise<Provider>> = new Map([
  [localEntry.id, async () => (await import('./local/provider.js')).local],
  [openaiEntry.id, async () => (await import('./openai/provider.js')).openai],
  [azureEntry.id, async () => (await import('./azure/provider.js')).azure],
  [geminiEntry.id, async () => (await import('./gemini/provider.js')).gemini],
  [dashscopeEntry.id, async () => (await import('./dashscope/provider.js')).dashscope],
  [xaiEntry.id, async () => (await import('./xai/provider.js')).xai],
  [volcengineEntry.id, async () => (await import('./volcengine/provider.js')).volcengine],
  [yandexEntry.id, async () => (await import('./yandex/provider.js')).yandex],
]);

export function providerIds(): readonly string[] {
  return catalog.map(({ id }) => id);
}

/** @throws VoxtermError exit 2 for an unknown id. */
export async function findProvider(id: string): Promise<Provider> {
  const load = loaders.get(id);
  if (load !== undefined) return load();
  const ids = providerIds();
  const nearest = nearestName(id, ids);
  const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  throw new VoxtermError(`There is no provider named "${id}".`, {
    code: 'provider.unknown',
    exitCode: ExitCode.usage,
    hint: `${meant}Known providers: ${ids.join(', ')}.`,
  });
}
