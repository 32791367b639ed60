import { ownKeyVariables } from '../../providers/provider-keys.js';
import type { ToolContext } from '../definition/tool.js';

/** Shorter values may be ordinary words, which other variables may hold as well. */
const shortestSecret = 8;

/**
 * The environment as tools see it: without the keys of the providers and what else is secret, and without variables
 * that hold the same value under another name.
 */
export function toolEnvironment(
  env: ToolContext['env'],
  secretVariables: readonly string[],
): ToolContext['env'] {
  const hidden = new Set([...ownKeyVariables, ...secretVariables]);
  const values = new Set(
    [...hidden]
      .map((name) => env[name])
      .filter((value) => value !== undefined && value.length >= shortestSecret),
  );
  return Object.freeze(
    Object.fromEntries(
      Object.entries(env).filter(([name, value]) => !hidden.has(name) && !values.has(value)),
    ),
  );
}
