import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { ConnectionSettings, Endpoint } from '../provider.js';

/** Who brings one of these needs no key of ours. */
const credentials = /^(authorization|api-key|x-api-key)$/i;

/** Whether the configured headers say who the user is, in the place of the key. */
export function bringsCredentials({ options }: Pick<ConnectionSettings, 'options'>): boolean {
  return Object.keys(options?.headers ?? {}).some((name) => credentials.test(name));
}

/** The handshake needs these itself. */
const reserved = /^(host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/i;

/**
 * Adds the headers of the configuration to ours. `${NAME}` stands for a variable of the environment; a header that we
 * would send ourselves is replaced, whatever its case, and one that says who the user is replaces our key. All values that come from the user count as secrets.
 *
 * @throws VoxtermError exit 3 for a variable that is not set, or a header nobody can send. Values are never printed.
 */
export function withHeaders(endpoint: Endpoint, { env, options }: ConnectionSettings): Endpoint {
  const given = Object.entries(options?.headers ?? {});
  if (given.length === 0) return endpoint;
  const secrets: string[] = [];
  const own = given.map(([name, template]): [string, string] => {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw refused('name', `"${name}" is no name of a header.`);
    if (reserved.test(name))
      throw refused('reserved', `The header ${name} belongs to the connection itself.`);
    const value = expanded(name, template, env, secrets);
    if (!/^[\x20-\x7e]*$/.test(value)) {
      throw refused('value', `The header ${name} holds a line break or a character outside ASCII.`);
    }
    secrets.push(value);
    return [name, value];
  });
  const replaced = new Set(own.map(([name]) => name.toLowerCase()));
  const instead = bringsCredentials({ options });
  const kept = Object.entries(endpoint.headers).filter(
    ([name]) => !replaced.has(name.toLowerCase()) && !(instead && credentials.test(name)),
  );
  return {
    ...endpoint,
    headers: Object.fromEntries([...kept, ...own]),
    secrets: [...(endpoint.secrets ?? []), ...secrets],
  };
}

function expanded(name: string, template: string, env: ConnectionSettings['env'], secrets: string[]): string {
  return template.replace(/\$\{([^}]*)\}/g, (_whole, variable: string) => {
    const value = headerValue([variable], env);
    if (value === undefined) {
      throw new VoxtermError(`The header ${name} needs ${variable}, which is not set.`, {
        code: 'headers.variable-missing',
        exitCode: ExitCode.configuration,
        hint: `Set ${variable} in the environment, or remove the header from the configuration.`,
      });
    }
    secrets.push(value);
    return value;
  });
}

function refused(code: string, message: string): VoxtermError {
  return new VoxtermError(message, {
    code: `headers.${code}`,
    exitCode: ExitCode.configuration,
    hint: 'See "headers" in the configuration file.',
  });
}
