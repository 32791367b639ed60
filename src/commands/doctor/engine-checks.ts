import type { Settings } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import { localEntry } from '../../providers/catalog.js';
import type { Check } from './check.js';

const titles = {
  turns: 'turn detector',
  hear: 'hearing engine',
  think: 'thinking engine',
  speak: 'speaking engine',
} as const;

/** Allows for models that have to be loaded first. */
const patienceMs = 90_000;

/** Tries each configured engine with the cheapest possible request: a moment of silence, one token, one short word. */
export function engineChecks({ options, env, insecure, model, scenario }: Settings): Check[] {
  const { engines } = options;
  // A scenario replaces the engines.
  if (engines === undefined || scenario !== undefined) return [];
  const parts = (['turns', 'hear', 'think', 'speak'] as const).filter((part) => engines[part] !== undefined);
  return parts.map((part) => ({
    id: `engine-${part}`,
    title: titles[part],
    timeoutMs: patienceMs,
    exitCode: part === 'turns' ? ExitCode.configuration : ExitCode.network,
    find: async (signal) => {
      const { probe } = await import('../../engines/probe.js');
      // The `model` setting is that of the language model.
      const named = model === localEntry.defaultModel ? undefined : model;
      return probe(part, engines, { env, insecure, model: named }, signal);
    },
  }));
}
