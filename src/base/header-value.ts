import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a header value from the environment: the first variable that is set; an empty one counts as not set.
 * @throws VoxtermError exit 3 for a value that cannot be a header. The value is never printed.
 */
export function headerValue(variables: readonly string[], env: Environment): string | undefined {
  const variable = variables.find((name) => env[name]);
  const value = variable === undefined ? undefined : env[variable];
  if (variable === undefined || value === undefined) return undefined;
  if (/^\$(\{\w+\}|\w+)$/.test(value)) {
    throw new VoxtermError(`${variable} holds the name of another variable instead of a value.`, {
      code: 'credentials.malformed',
      exitCode: ExitCode.configuration,
      hint: 'Nothing replaces the name: write the value itself.',
    });
  }
  if (/^[\x21-\x7e]+$/.test(value) && !/["'`]/.test(value)) return value;
  throw new VoxtermError(
    `${variable} contains a space, a line break, a quote or a character outside ASCII.`,
    {
      code: 'credentials.malformed',
      exitCode: ExitCode.configuration,
      hint: 'Copy the value again, exactly and without quotes.',
    },
  );
}
