import { VoxtermError } from '../../contract/failure.js';
import type { Origin, Path } from '../layer.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a text is, and which server uses it. */
export interface TextPlace {
  readonly server: string;
  readonly path: Path;
  readonly origin: Pick<Origin, 'nameOf' | 'exitCode'>;
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:[^}\\]|\\.)*))?\}/g;

/**
 * Expands `${NAME}` and `${NAME:-default}` in a text; the default is used for empty variables, too. Anything
 * else with a `$` stays as it is.
 * @throws VoxtermError for a variable that is not set and has no default.
 */
export function expand(text: string, env: Environment, { server, path, origin }: TextPlace): string {
  return text.replace(variable, (_, name: string, fallback: string | undefined) => {
    const value = env[name];
    if (fallback !== undefined) return value || fallback;
    if (value !== undefined) return value;
    throw new VoxtermError(
      `${origin.nameOf(path)}: the MCP server ${server} needs ${name}, which is not set.`,
      {
        code: 'config.variable-missing',
        exitCode: origin.exitCode,
        hint: `Set ${name} in the environment or in --env-file, write \${${name}:-default}, or set "disabled": true for this server.`,
      },
    );
  });
}

/** The names of the variables in a text, each once. */
export function variablesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(variable)].map(([, name = '']) => name))];
}
