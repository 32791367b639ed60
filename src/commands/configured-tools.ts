import type { Settings } from '../config/settings.js';
import { loadTools } from '../tools/modules.js';
import type { Tool } from '../tools/tool.js';

/**
 * Tools as the configuration names them: built-in ones and modules.
 * @throws VoxtermError exit 3 for one that cannot be had.
 */
export async function configuredTools(
  entries: Settings['tools'],
  { weather, env }: Pick<Settings, 'weather' | 'env'>,
): Promise<Tool[]> {
  const named = entries.filter((entry) => typeof entry === 'string');
  return loadTools(named, { weather, env });
}
