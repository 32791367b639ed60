import { readFile } from 'node:fs/promises';
import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import type { Instructions, RunContext } from './agent.js';
import { fillTemplate } from './template.js';

export interface TemplateValues {
  /** The program's own; they win over ours. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly today: Date;
}

/**
 * The text the model gets. Texts and files are templates; what a function returns is taken as it is, because whoever writes
 * a function has the values at hand.
 * @throws VoxtermError exit 3 for an unknown variable or a file that cannot be read; whatever a function throws.
 */
export async function resolveInstructions(
  given: Instructions,
  context: RunContext,
  values: TemplateValues,
): Promise<string> {
  if (typeof given === 'function') return given(context);
  const where = `the instructions of agent "${context.agent}"`;
  const text = typeof given === 'string' ? given : await readText(given.file, where);
  return fillTemplate(text, variablesOf(context, values), where);
}

function variablesOf({ agent, language }: RunContext, { variables, today }: TemplateValues) {
  return {
    name: agent,
    agent,
    // In two steps: whether a comma follows the weekday differs by version of Node.
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
  try {
    // A byte order mark would be read out by some voices.
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').trim();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    const problem = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new VoxtermError(`The file of ${where}: ${problem}: ${path}`, {
      code: 'instructions.unreadable',
      exitCode: ExitCode.configuration,
      hint: 'Check the path; one that is not absolute counts from the current folder.',
      cause,
    });
  }
}
