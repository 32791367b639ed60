import { ToolError } from '../definition/tool-error.js';
import { fill, readTemplate, type Template, textsOf } from './placeholder.js';

/**
 * The arguments of the program. Every value stays within its own argument, whatever it contains: there is no shell to
 * interpret it. A value that the program could take for an option is refused. @throws ToolError with a message for the
 * model.
 */
export function argumentList(
  templates: readonly string[],
  args: Readonly<Record<string, unknown>>,
): readonly string[] {
  const list: string[] = [];
  let optionsAreOver = false;
  for (const text of templates) {
    const template = readTemplate(text);
    const made = expand(template, args);
    if (template.names.length > 0) {
      const mayBeOption = template.texts[0] === '' && !optionsAreOver;
      for (const argument of made) check(argument, mayBeOption, template.names);
    }
    if (text === '--') optionsAreOver = true;
    list.push(...made);
  }
  return list;
}

/** An argument with an absent value is left out; one with a list is repeated for each item. */
function expand(template: Template, args: Readonly<Record<string, unknown>>): readonly string[] {
  if (template.names.length === 0) return [fill(template, () => '')];
  const values = new Map(template.names.map((name) => [name, textsOf(args, name)]));
  if ([...values.values()].some((texts) => texts.length === 0)) return [];
  const [only, ...others] = [...values.keys()];
  if (only !== undefined && others.length === 0) {
    return (values.get(only) ?? []).map((value) => fill(template, () => value));
  }
  return [fill(template, (name) => (values.get(name) ?? []).join(','))];
}

function check(argument: string, mayBeOption: boolean, names: readonly string[]): void {
  if (argument.includes('\0')) throw refused(names, 'must not contain a NUL character');
  if (mayBeOption && argument.startsWith('-')) throw refused(names, 'must not start with "-"');
  if (mayBeOption && process.platform === 'win32' && argument.startsWith('/')) {
    throw refused(names, 'must not start with "/"');
  }
}

function refused(names: readonly string[], why: string): ToolError {
  return new ToolError('arguments.invalid', `${names.join(' and ')} ${why}. Correct it and call it again.`);
}
