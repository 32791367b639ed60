import { isObject, kindOf } from '../../base/json.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Tool, ToolInputGuardrail } from './tool.js';

/** Function names that every provider accepts. */
const toolName = /^[A-Za-z0-9_-]{1,64}$/;
const longestTimeoutMs = 600_000;

const shape =
  'A tool is { name, description, parameters, execute }, optionally with timeoutMs, onTimeout, blocking, background, cancelOnInterrupt, approval and inputGuardrails.';

/** Boolean fields, and what they are for. */
const switches = {
  blocking: 'Give false for a tool that the model need not wait for, or leave it out.',
  background: 'Give true for a tool whose result the model need not speak about, or leave it out.',
  cancelOnInterrupt: 'Give true for a tool that is cancelled when the user interrupts, or leave it out.',
};

/**
 * Reads a tool definition. Everything is checked, because it may come from a user's module. @param where names the
 * definition in errors, for example `"default" of /home/me/dice.mjs`. @throws VoxtermError exit 3 that says what is
 * wrong and what is allowed.
 */
export function readDefinition(value: unknown, where: string): Tool {
  if (!isObject(value)) throw invalid(where, `it is ${kindOf(value)}, not an object`, shape);
  const { name, description, parameters, timeoutMs, execute } = value;
  if (typeof name !== 'string' || !toolName.test(name)) {
    const given = name === undefined ? 'it has no "name"' : `its name is ${quote(name)}`;
    throw invalid(where, given, 'A name is 1 to 64 letters (A-Z, a-z), digits, "_" or "-".');
  }
  const which = `${where} (tool "${name}")`;
  if (typeof description !== 'string' || description.trim() === '') {
    throw invalid(
      which,
      'it has no "description"',
      'The model decides by the description when to call a tool: describe in a sentence what it does.',
    );
  }
  if (parameters !== undefined && !isObject(parameters)) {
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
  const blocking = readSwitch(value, 'blocking', which);
  const background = readSwitch(value, 'background', which);
  const cancelOnInterrupt = readSwitch(value, 'cancelOnInterrupt', which);
  const onTimeout = readOnTimeout(value.onTimeout, which);
  const approval = readApproval(value, which);
  const inputGuardrails = readGuardrails(value.inputGuardrails, which);
  if (typeof execute !== 'function') {
    const wrong = execute === undefined ? 'it has no "execute"' : `its "execute" is ${kindOf(execute)}`;
    throw invalid(which, wrong, `${shape} It has: ${Object.keys(value).join(', ')}.`);
  }
  return {
    name,
    description,
    parameters,
    timeoutMs,
    onTimeout,
    blocking,
    background,
    cancelOnInterrupt,
    approval,
    inputGuardrails,
    // Called on the definition itself, so that a tool may be an object with its own state.
    execute: (args, context): unknown => Reflect.apply(execute, value, [args, context]),
  };
}

/** @throws VoxtermError exit 3 when it is not a list of guardrails. */
export function readGuardrails(value: unknown, where: string): readonly ToolInputGuardrail[] | undefined {
  if (value === undefined) return undefined;
  const hint = 'Input guardrails are a list of { name, check(input) }.';
  if (!Array.isArray(value)) throw invalid(where, `its "inputGuardrails" are ${kindOf(value)}`, hint);
  return value.map((given: unknown, index) => {
    const which = `its "inputGuardrails"[${index}]`;
    if (!isObject(given)) throw invalid(where, `${which} is ${kindOf(given)}`, hint);
    const { name, check } = given;
    if (typeof name !== 'string' || name.trim() === '') throw invalid(where, `${which} has no "name"`, hint);
    if (typeof check !== 'function') throw invalid(where, `${which} has no "check"`, hint);
    return { name, check: (input) => Reflect.apply(check, given, [input]) };
  });
}

function readSwitch(
  value: Record<string, unknown>,
  field: keyof typeof switches,
  where: string,
): boolean | undefined {
  const given = value[field];
  if (given === undefined || typeof given === 'boolean') return given;
  throw invalid(where, `its "${field}" is ${quote(given)}`, switches[field]);
}

function readOnTimeout(given: unknown, where: string): Tool['onTimeout'] {
  if (given === undefined || given === 'error-as-result' || given === 'raise') return given;
  throw invalid(
    where,
    `its "onTimeout" is ${quote(given)}`,
    'Give "error-as-result" (the model is told) or "raise" (the session ends), or leave it out.',
  );
}

function readApproval(value: Record<string, unknown>, where: string): Tool['approval'] {
  const { approval } = value;
  if (approval === undefined || approval === 'never' || approval === 'ask' || approval === 'always') {
    return approval;
  }
  if (typeof approval === 'function') return (...asked) => Reflect.apply(approval, value, asked);
  throw invalid(
    where,
    `its "approval" is ${quote(approval)}`,
    'Give "never", "ask" (the user may allow all calls of the session at once), "always" (every call is asked about), or a function that decides by the arguments whether to ask.',
  );
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
