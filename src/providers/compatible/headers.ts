import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { ConnectionSettings, Endpoint } from '../provider.js';

/** With one of these, our own key is not needed. */
const credentials = /^(authorization|api-key|x-api-key)$/i;

/** Whether the configured headers authenticate the user, so that no key is needed. */
export function bringsCredentials({ options }: Pick<ConnectionSettings, 'options'>): boolean {
  return Object.keys(options?.headers ?? {}).some((name) => credentials.test(name));
}

/** Set by the handshake itself. */
const reserved = /^(host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/i;

/**
 * Adds the configured headers to ours. `${NAME}` stands for an environment variable. A configured header replaces ours
 * of the same name, whatever its case, and one that authenticates the user replaces our key. All configured values
 * count as secrets.
 *
 * @throws VoxtermError exit 3 for a variable that is not set, or a header that cannot be sent. Values are never
 * printed.
 */
export function withHeaders(endpoint: Endpoint, { env, options }: ConnectionSettings): Endpoint {
  const given = Object.entries(options?.headers ?? {});
  if (given.length === 0) return endpoint;
  const secrets: string[] = [];
  const own = given.map(([name, template]): [string, string] => {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw refused('name', `"${name}" is not a valid header name.`);
    if (reserved.test(name))
      throw refused('reserved', `The header ${name} is set by the connection and cannot be configured.`);
    const value = expanded(name, template, env, secrets);
    if (!/^[\x20-\x7e]*$/.test(value)) {
      throw refused('value', `The header ${name} contains a line break or a character outside ASCII.`);
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
        hint: `Set ${variable} in the environment, or remove the header.`,
        facts: { variables: [variable], options: ['headers'] },
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
    hint: 'Check the headers of your own.',
    facts: { options: ['headers'] },
  });
}
