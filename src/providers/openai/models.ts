import type { Profile } from '../../contract/profile.js';
import type { SettingName } from '../../contract/settings.js';
import { gaAbilities } from '../compatible/ga-profile.js';

/** Reasoning models, from the second generation on. They may call several functions in one response. */
function isReasoning(model: string): boolean {
  return /^gpt-realtime-([2-9]|1\d)(\D|$)/.test(model);
}

/** Whether OpenAI will switch the model off on 20 January 2027. */
export function isRetiring(model: string): boolean {
  return /^gpt-realtime(-2025-08-28)?$|^gpt-(realtime|audio)-mini(-\d{4}-\d{2}-\d{2})?$/.test(model);
}

/** The profile of an OpenAI model, at OpenAI or at a reseller. Unknown models are assumed to have all settings. */
export function openaiProfile(provider: string, model: string): Profile {
  const reasoning = isReasoning(model);
  const simple = !reasoning && /^gpt-(realtime|audio|4o)/.test(model);
  const settings = simple ? without(gaAbilities.settings, ...thinking) : gaAbilities.settings;
  return { ...gaAbilities, provider, model, settings, parallelTools: reasoning };
}

/** Settings that only reasoning models have. */
const thinking = ['reasoningEffort', 'parallelToolCalls'] as const satisfies readonly SettingName[];

function without(names: readonly SettingName[], ...unwanted: SettingName[]): readonly SettingName[] {
  return names.filter((name) => !unwanted.includes(name));
}
