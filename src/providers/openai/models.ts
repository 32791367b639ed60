import type { Profile, SettingName } from '../../contract/profile.js';
import { gaAbilities } from '../compatible/ga-profile.js';

/** Reasoning models, from the second generation on: they think, and call several functions in one response. */
function isReasoning(model: string): boolean {
  return /^gpt-realtime-([2-9]|1\d)(\D|$)/.test(model);
}

/** Announced to be switched off on 20 January 2027. */
export function isRetiring(model: string): boolean {
  return /^gpt-realtime(-2025-08-28)?$|^gpt-(realtime|audio)-mini(-\d{4}-\d{2}-\d{2})?$/.test(model);
}

/** What a model of OpenAI's can do, at OpenAI or where others serve it. A name nobody knows gets the benefit of the doubt. */
export function openaiProfile(provider: string, model: string): Profile {
  const reasoning = isReasoning(model);
  const simple = !reasoning && /^gpt-(realtime|audio|4o)/.test(model);
  const settings = simple ? without(gaAbilities.settings, ...thinking) : gaAbilities.settings;
  return { ...gaAbilities, provider, model, settings, parallelTools: reasoning };
}

/** What only models that think know. */
const thinking = ['reasoningEffort', 'parallelToolCalls'] as const satisfies readonly SettingName[];

function without(names: readonly SettingName[], ...unwanted: SettingName[]): readonly SettingName[] {
  return names.filter((name) => !unwanted.includes(name));
}
