import { ToolError } from '../tool-error.js';
import { fill, readTemplate, type Template, textsOf } from './placeholder.js';

/**
 * What the program is called with. Every value stays within its own argument, whatever is in it: there is no shell that could
 * read it. What is left is a value that the program takes for an option of its own, and that is refused.
 * @throws ToolError in words for the model.
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

/** An argument about something that was not said is left out; one about a list is there for each of its items. */
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
  if (argument.includes('\0')) throw refused(names, 'must not hold a NUL character');
  if (mayBeOption && argument.startsWith('-')) throw refused(names, 'must not begin with "-"');
}

function refused(names: readonly string[], why: string): ToolError {
  return new ToolError('arguments.invalid', `${names.join(' and ')} ${why}. Correct it and call it again.`);
}
