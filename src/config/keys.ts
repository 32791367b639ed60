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
