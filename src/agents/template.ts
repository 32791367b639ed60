import { nearestName } from '../base/nearest-name.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

const placeholder = /\{\{\{\{|\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * Fills in `{{variable}}`; spaces inside the braces are allowed, and `{{{{` stands for two braces.
 * @param where names the text in errors, for example `the instructions of agent "billing"`.
 * @throws VoxtermError exit 3 for an unknown variable.
 */
export function fillTemplate(
  text: string,
  variables: Readonly<Record<string, string>>,
  where: string,
): string {
  return text.replace(placeholder, (whole: string, name: string | undefined) => {
    if (name === undefined) return '{{';
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined) return value;
    throw unknownVariable(whole, name, Object.keys(variables), where);
  });
}

function unknownVariable(whole: string, name: string, known: readonly string[], where: string): VoxtermError {
  const nearest = nearestName(name, known);
  const meant = nearest === undefined ? '' : `Did you mean {{${nearest}}}? `;
  return new VoxtermError(`There is no value for ${whole} in ${where}.`, {
    code: 'template.unknown-variable',
    exitCode: ExitCode.configuration,
    hint: `${meant}Known: ${[...known].sort().join(', ')}. For literal braces write {{{{ instead of {{.`,
  });
}
