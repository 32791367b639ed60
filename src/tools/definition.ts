import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import { isRecord, kindOf } from './record.js';
import type { Tool } from './tool.js';

/** What every provider accepts as the name of a function. */
const toolName = /^[A-Za-z0-9_-]{1,64}$/;
const longestTimeoutMs = 600_000;

const shape = 'A tool is { name, description, parameters, execute }, and may have timeoutMs and blocking.';

/**
 * Reads what claims to be a tool; nothing is taken on trust, because it may come from a user's module.
 * @param where names the definition in errors, for example `"default" of /home/me/dice.mjs`.
 * @throws VoxtermError exit 3 that says what is wrong and what is allowed.
 */
export function readDefinition(value: unknown, where: string): Tool {
  if (!isRecord(value)) throw invalid(where, `it is ${kindOf(value)}, not an object`, shape);
  const { name, description, parameters, timeoutMs, blocking, execute } = value;
  if (typeof name !== 'string' || !toolName.test(name)) {
    const given = name === undefined ? 'it has no "name"' : `its name is ${quote(name)}`;
    throw invalid(where, given, 'A name is 1 to 64 letters (A-Z, a-z), digits, "_" or "-".');
  }
  const which = `${where} (tool "${name}")`;
  if (typeof description !== 'string' || description.trim() === '') {
    throw invalid(
      which,
      'it has no "description"',
      'The model decides by the description when to call a tool: say in a sentence what it does.',
    );
  }
  if (parameters !== undefined && !isRecord(parameters)) {
    throw invalid(
      which,
      `its "parameters" are ${kindOf(parameters)}`,
      'Give a zod object or a JSON Schema of type object, or leave "parameters" out.',
    );
  }
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) {
    throw invalid(
      which,
      `its "timeoutMs" is ${quote(timeoutMs)}`,
      `Give whole milliseconds from 1 to ${longestTimeoutMs}, or leave it out.`,
    );
  }
  if (blocking !== undefined && typeof blocking !== 'boolean') {
    throw invalid(
      which,
      `its "blocking" is ${quote(blocking)}`,
      'Give false for a tool the model need not wait for, or leave it out.',
    );
  }
  if (typeof execute !== 'function') {
    const wrong = execute === undefined ? 'it has no "execute"' : `its "execute" is ${kindOf(execute)}`;
    throw invalid(which, wrong, `${shape} It has: ${Object.keys(value).join(', ')}.`);
  }
  return {
    name,
    description,
    parameters,
    timeoutMs,
    blocking,
    // Called on the definition itself, so that a tool may be an object with a state of its own.
    execute: (args, context): unknown => Reflect.apply(execute, value, [args, context]),
  };
}

export function invalid(where: string, what: string, hint: string): VoxtermError {
  return new VoxtermError(`${where} is not a tool: ${what}.`, {
    code: 'tool.invalid',
    exitCode: ExitCode.configuration,
    hint,
  });
}

function isTimeout(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= longestTimeoutMs;
}

function quote(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value).slice(0, 80);
}
