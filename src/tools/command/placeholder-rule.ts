import { isObject } from '../../base/json.js';
import type { JsonSchema } from '../definition/tool.js';
import { ToolError } from '../definition/tool-error.js';
import { type ClosedValues, closedValues } from './closed-values.js';
import { readTemplate } from './placeholder.js';
import { type ProgramDanger, programDanger } from './program-kind.js';

interface Placed {
  readonly args: readonly string[];
  readonly stdin: string | undefined;
  readonly parameters: JsonSchema;
}

/** The parameters that are limited to numbers or to values of the configuration. */
export function closedParameters(parameters: JsonSchema): ReadonlyMap<string, ClosedValues> {
  const properties = isObject(parameters.properties) ? Object.entries(parameters.properties) : [];
  return new Map(
    properties.flatMap(([name, schema]): [string, ClosedValues][] => {
      const allows = closedValues(schema);
      return allows === undefined ? [] : [[name, allows]];
    }),
  );
}

/**
 * Why a placeholder could let the model write a command, although there is no shell; undefined when it cannot. Text of
 * the model must be an argument of its own, not directly after an option, and the program must be one that is known to
 * only read its arguments. Which options and which programs run code is not known for all, so neither is decided by a
 * list of the dangerous ones, and anything else needs the user's word (`unsafe`).
 */
export function placeholderDanger(program: string, { args, stdin, parameters }: Placed): string | undefined {
  const closed = closedParameters(parameters);
  const open = (text: string) => readTemplate(text).names.filter((name) => !closed.has(name));
  const [named] = open(stdin ?? '');
  if (named !== undefined)
    return `its "stdin" has {{${named}}}, and what the program does with such text is not known`;
  let optionsAreOver = false;
  let danger: ProgramDanger | undefined;
  for (const [index, text] of args.entries()) {
    const [name] = open(text);
    // An argument whose parameter is absent is left out, and then the one before it comes directly before this one.
    const before = args.slice(0, index).findLast((earlier) => readTemplate(earlier).names.length === 0);
    if (name !== undefined) {
      const where = `its "args"[${index}]`;
      danger ??= programDanger(program, args[0]);
      if (danger !== undefined) return `${where} has {{${name}}}, and ${inWords(danger)}`;
      if (!isWhole(text)) return `${where} has {{${name}}} as a part of a larger argument`;
      if (before?.startsWith('-') === true && !optionsAreOver) {
        return `${where} has {{${name}}} directly after the option ${JSON.stringify(before)}, which could run it`;
      }
    }
    if (text === '--') optionsAreOver = true;
  }
  return undefined;
}

/** @throws ToolError for a value outside of what its parameter is limited to, whatever the schema's validator said. */
export function requireClosed(
  closed: ReadonlyMap<string, ClosedValues>,
  args: Readonly<Record<string, unknown>>,
): void {
  for (const [name, allows] of closed) {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === undefined || value === null || allows(value)) continue;
    throw new ToolError(
      'arguments.invalid',
      `${name} must be a value that its schema names. Correct it and call it again.`,
    );
  }
}

function isWhole(text: string): boolean {
  const { texts, names } = readTemplate(text);
  return names.length === 1 && texts.every((part) => part === '');
}

function inWords({ kind, name }: ProgramDanger): string {
  switch (kind) {
    case 'interpreter':
      return `${name} runs text as code`;
    case 'launcher':
      return `${name} starts other programs`;
    case 'script':
      return `the program is a script of ${name}, which may run parts of its arguments`;
    case 'unlisted':
      return `${name} is not one of the programs that are known to only read their arguments`;
    case 'unknown':
      return `the program ${name} cannot be read to see what it is`;
  }
}
