import { isObject } from '../base/json.js';
import { catalog } from '../providers/catalog.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** For each provider that needs a key: the first variable that holds one, or the preferred one if none is set. */
export function keyStates(env: Environment): { id: string; variable: string; set: boolean }[] {
  return catalog.flatMap(({ id, keyVariables }) => {
    const [preferred] = keyVariables;
    if (preferred === undefined) return [];
    const found = keyVariables.find((name) => env[name]);
    return [{ id, variable: found ?? preferred, set: found !== undefined }];
  });
}

/** One line for a session without a chosen provider. Contains names of variables, never values. */
export function keysFound(env: Environment): string {
  const states = keyStates(env);
  const found = states.filter(({ set }) => set);
  if (found.length === 0) {
    const variables = states.map(({ variable }) => variable).join(', ');
    return `Using the built-in provider. No key of another one was found (${variables}).`;
  }
  const names = found.map(({ variable }) => variable).join(', ');
  const ways = found.map(({ id }) => `--provider ${id}`).join(' or ');
  return `Using the built-in provider. Found ${names}: use ${found.length > 1 ? 'one' : 'it'} with ${ways}.`;
}

/** Names of all variables that hold keys: those of the providers, and those that the `providers` of a file name. */
export function keyVariablesIn(providers: unknown): readonly string[] {
  const found = (value: unknown): string[] => {
    if (!isObject(value)) return [];
    const { keyVariable } = value;
    return [
      ...(typeof keyVariable === 'string' ? [keyVariable] : []),
      ...Object.values(value).flatMap(found),
    ];
  };
  return [...new Set([...catalog.flatMap(({ keyVariables }) => keyVariables), ...found(providers)])];
}

/** Shorter values are not keys, and other variables may have them by chance. */
const shortestKey = 8;

/**
 * Returns whether a variable holds one of these keys, under whatever name.
 * @param keyVariables names of variables that hold keys.
 */
export function keyHolder(keyVariables: readonly string[], env: Environment): (name: string) => boolean {
  const names = new Set(keyVariables.map((name) => name.toUpperCase()));
  const keys = keyVariables.flatMap((name) => {
    const key = env[name]?.trim() ?? '';
    return key.length >= shortestKey ? [key] : [];
  });
  return (name) => names.has(name.toUpperCase()) || keys.some((key) => env[name]?.includes(key) === true);
}
