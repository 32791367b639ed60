import { isObject, kindOf } from '../../base/json.js';
import { isNestedTooDeeply } from '../../base/json-nesting.js';
import type { Parameters } from '../definition/parameters.js';
import { ToolError } from '../definition/tool-error.js';

/**
 * Parses and validates the arguments that the model wrote. @throws ToolError with a message that lets the model correct
 * its call.
 */
export async function readArguments(name: string, text: string, parameters: Parameters): Promise<unknown> {
  const checked = await check(name, parameters, parse(name, text));
  if (checked.ok) return checked.args;
  throw new ToolError(
    'arguments.invalid',
    `The arguments of ${name} are invalid. ${checked.problems.join('; ')}. Correct them and call it again.`,
  );
}

async function check(name: string, parameters: Parameters, args: Readonly<Record<string, unknown>>) {
  try {
    return await parameters.check(args);
  } catch {
    throw new ToolError(
      'parameters.broken',
      `The arguments of ${name} cannot be checked: the schema of its parameters is broken, or checking takes too long.`,
    );
  }
}

function parse(name: string, text: string): Readonly<Record<string, unknown>> {
  // Models send an empty text to tools without parameters.
  if (text.trim() === '') return {};
  if (isNestedTooDeeply(text)) {
    throw new ToolError(
      'arguments.malformed',
      `The arguments of ${name} are nested too deeply. Send one JSON object of a few levels.`,
    );
  }
  let value: unknown;
  try {
    // A key named __proto__ must not reach a tool that merges its arguments into something.
    value = JSON.parse(text, (key, inner: unknown) => (key === '__proto__' ? undefined : inner));
  } catch {
    throw new ToolError(
      'arguments.malformed',
      `The arguments of ${name} are not valid JSON. Send one JSON object.`,
    );
  }
  if (isObject(value)) return value;
  throw new ToolError(
    'arguments.malformed',
    `The arguments of ${name} are ${kindOf(value)}. Send one JSON object, {} if it needs none.`,
  );
}
