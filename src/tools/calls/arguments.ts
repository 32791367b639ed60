import type { Parameters } from '../parameters.js';
import { isRecord, kindOf } from '../record.js';
import { ToolError } from '../tool-error.js';

/**
 * Reads and validates what the model wrote.
 * @throws ToolError in words that let the model repair its call.
 */
export async function readArguments(name: string, text: string, parameters: Parameters): Promise<unknown> {
  const checked = await check(name, parameters, parse(name, text));
  if (checked.ok) return checked.args;
  throw new ToolError(
    'arguments.invalid',
    `The arguments of ${name} do not fit. ${checked.problems.join('; ')}. Correct them and call it again.`,
  );
}

async function check(name: string, parameters: Parameters, args: Readonly<Record<string, unknown>>) {
  try {
    return await parameters.check(args);
  } catch {
    throw new ToolError(
      'parameters.broken',
      `The arguments of ${name} cannot be checked: the schema of its parameters is broken, or takes too long.`,
    );
  }
}

function parse(name: string, text: string): Readonly<Record<string, unknown>> {
  // Models send nothing at all to tools that need nothing.
  if (text.trim() === '') return {};
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
  if (isRecord(value)) return value;
  throw new ToolError(
    'arguments.malformed',
    `The arguments of ${name} are ${kindOf(value)}. Send one JSON object, {} if it needs none.`,
  );
}
