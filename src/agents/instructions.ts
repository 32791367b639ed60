import { readFile } from 'node:fs/promises';
import { withinTimeLimit } from '../base/deadline.js';
import { decodeText, saveAsUtf8 } from '../base/text-file.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Instructions, RunContext } from './agent.js';
import { fillTemplate } from './template.js';

export interface TemplateValues {
  /** The program's own variables; they override the built-in ones. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly today: Date;
}

/**
 * The text the model gets. Texts and files are templates; the result of a function is used as it is, because a function
 * has the values at hand. @throws VoxtermError exit 3 for an unknown variable, a file that cannot be read, and a
 * function that throws, takes too long or does not return a text.
 */
export async function resolveInstructions(
  given: Instructions,
  context: RunContext,
  values: TemplateValues,
): Promise<string> {
  const where = `the instructions of agent "${context.agent}"`;
  if (typeof given === 'function') return written(() => given(context), where);
  if (typeof given !== 'string' && typeof given?.file !== 'string')
    throw invalid(`${where.replace(/^t/, 'T')} must be a text, { file } or a function.`);
  const text = typeof given === 'string' ? given : await readText(given.file, where);
  return fillTemplate(text, variablesOf(context, values), where);
}

async function written(work: () => unknown, where: string): Promise<string> {
  let text: unknown;
  try {
    text = await withinTimeLimit(where, work);
  } catch (cause) {
    if (cause instanceof VoxtermError) throw cause;
    const why = cause instanceof Error && cause.message !== '' ? cause.message : 'no reason was given';
    throw invalid(`The function for ${where} failed: ${why}`, cause);
  }
  if (typeof text === 'string') return text;
  throw invalid(`The function for ${where} must return a text; it returned a value of type ${typeof text}.`);
}

function invalid(message: string, cause?: unknown): VoxtermError {
  return new VoxtermError(message, {
    code: 'instructions.invalid',
    exitCode: ExitCode.configuration,
    hint: 'Instructions are a text, { file }, or a function that returns a text or a promise of one.',
    cause,
  });
}

function variablesOf({ agent, language }: RunContext, { variables, today }: TemplateValues) {
  return {
    name: agent,
    agent,
    // In two steps, because the comma after the weekday depends on the version of Node.
    date: `${british(today, { weekday: 'long' })} ${british(today, { day: 'numeric', month: 'long', year: 'numeric' })}`,
    time: today.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
    language: language ?? "the user's language",
    ...variables,
  };
}

function british(date: Date, parts: Intl.DateTimeFormatOptions): string {
  return date.toLocaleDateString('en-GB', parts);
}

async function readText(path: string, where: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    const problem = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new VoxtermError(`The file of ${where}: ${problem}: ${path}`, {
      code: 'instructions.unreadable',
      exitCode: ExitCode.configuration,
      hint: 'Check the path; a relative path starts at the current directory.',
      cause,
    });
  }
  // Some voices would read out a byte order mark.
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded.text.trim();
  throw new VoxtermError(`The file of ${where} ${decoded.problem}: ${path}`, {
    code: 'instructions.unreadable',
    exitCode: ExitCode.configuration,
    hint: saveAsUtf8,
  });
}
