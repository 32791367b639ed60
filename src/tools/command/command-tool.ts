import { basename, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { longestLook, veiled } from '../calls/failure-outcome.js';
import { fileStatus } from '../file-status.js';
import { isRecord } from '../record.js';
import type { Approval, JsonSchema, Tool, ToolContext } from '../tool.js';
import { ToolError } from '../tool-error.js';
import { argumentList } from './argument-list.js';
import { commandEnvironment } from './command-environment.js';
import { type CommandResult, runCommand } from './command-run.js';
import { fill, readTemplate, textsOf } from './placeholder.js';
import { programPath } from './program-path.js';
import { scriptWithPlaceholder } from './script-argument.js';
import { unusable } from './unusable-command.js';

/** A program on this machine as a tool. No shell is involved: each argument reaches the program as it is. */
export interface CommandToolOptions {
  readonly type: 'command';
  /** 1 to 64 letters, digits, `_` or `-`; what the model calls it by. */
  readonly name: string;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  /** A program in PATH, or a path that starts at the configuration's folder. It has to be on the list of programs. */
  readonly command: string;
  /** `{{name}}` stands for a parameter of the call. */
  readonly args?: readonly string[] | undefined;
  /** A JSON Schema of type object; absent = takes no arguments. */
  readonly parameters?: JsonSchema | undefined;
  /** Milliseconds; then it is ended with all it has started. */
  readonly timeoutMs?: number | undefined;
  /** Of its standard output; one that writes more is ended. Default 64 KiB. */
  readonly maxOutputBytes?: number | undefined;
  /** Where it runs; default: the configuration's folder. */
  readonly cwd?: string | undefined;
  /** Names of variables it may see besides PATH, HOME, language and the like; or variables with their values. */
  readonly env?: readonly string[] | Readonly<Record<string, string>> | undefined;
  /** What it reads from its standard input, with places for parameters as in `args`. */
  readonly stdin?: string | undefined;
  /** Default `ask`. */
  readonly approval?: Approval | undefined;
}

export interface CommandSurroundings {
  /** What may be started: names of programs in PATH, or paths. */
  readonly programs: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly directory: string;
}

const defaultOutputBytes = 65_536;
/** A tail that fits into one sentence for the model. */
const longestComplaint = 380;

/**
 * Makes a tool of a program.
 * @throws VoxtermError exit 3 when it is not on the list, not there, or its arguments make no sense.
 */
export function createCommandTool(options: CommandToolOptions, surroundings: CommandSurroundings): Tool {
  const { name, args = [], parameters = {}, stdin, maxOutputBytes = defaultOutputBytes } = options;
  const program = allowedProgram(options, surroundings);
  const cwd = workingFolder(options, surroundings);
  checkPlaceholders(options);
  const template = stdin === undefined ? undefined : readTemplate(stdin);
  return {
    name,
    description: options.description,
    parameters,
    timeoutMs: options.timeoutMs,
    approval: options.approval ?? 'ask',
    execute: async (given, { signal, env }) => {
      const values = isRecord(given) ? given : {};
      const input = template && fill(template, (parameter) => textsOf(values, parameter).join('\n'));
      const call = { program, args: argumentList(args, values), cwd, stdin: input, maxOutputBytes, signal };
      const childEnv = commandEnvironment(surroundings.env, options.env);
      try {
        return outputOf(await runCommand({ ...call, env: childEnv }), options, { ...env, ...childEnv });
      } catch (error) {
        if (error instanceof ToolError || signal.aborted) throw error;
        throw new ToolError('command.failed', `${name} could not be started: ${codeOf(error)}.`);
      }
    },
  };
}

function allowedProgram({ name, command }: CommandToolOptions, surroundings: CommandSurroundings): string {
  const { programs, env, directory } = surroundings;
  const path = programPath(command, env, directory);
  const listed = programs.some(
    (program) => program === command || (path !== undefined && programPath(program, env, directory) === path),
  );
  if (!listed) {
    throw unusable(
      name,
      `its program ${JSON.stringify(command)} is not on the list of programs that may be started`,
      `If you trust it, add it to "programs": ${JSON.stringify([...programs, command])}`,
      { options: ['programs'] },
    );
  }
  if (path !== undefined) return path;
  throw unusable(
    name,
    `there is no program ${JSON.stringify(command)}`,
    /[/\\]/.test(command)
      ? `Give the path of a file that can be executed; a relative path starts at ${directory}.`
      : 'Install it, or give its whole path: it is in none of the folders of PATH.',
  );
}

function workingFolder({ name, cwd = '.' }: CommandToolOptions, { directory }: CommandSurroundings): string {
  const path = resolve(directory, cwd);
  if (fileStatus(path)?.isDirectory() === true) return path;
  throw unusable(name, `its "cwd" ${path} is not a folder`, 'Give a folder that exists, or leave "cwd" out.');
}

function checkPlaceholders({ name, command, args = [], stdin = '', parameters = {} }: CommandToolOptions) {
  const known = isRecord(parameters.properties) ? Object.keys(parameters.properties) : [];
  const texts = [
    ...args.map((text, index) => ({ text, where: `"args"[${index}]` })),
    { text: stdin, where: '"stdin"' },
  ];
  for (const { text, where } of texts) {
    const unknown = readTemplate(text).names.find((parameter) => !known.includes(parameter));
    if (unknown === undefined) continue;
    throw unusable(
      name,
      `its ${where} has {{${unknown}}}, which its "parameters" do not describe`,
      known.length === 0
        ? 'Describe it in "parameters", as in {"properties": {"…": {"type": "string"}}}.'
        : `Described are: ${known.join(', ')}.`,
    );
  }
  if (readTemplate(command).names.length > 0) {
    throw unusable(
      name,
      'its "command" has a placeholder',
      "Which program runs is not the model's choice: name it.",
    );
  }
  const script = scriptWithPlaceholder(command, args);
  if (script === undefined) return;
  throw unusable(
    name,
    `${basename(command)} would run what the model writes into ${JSON.stringify(script)}`,
    'Hand the value over as an argument of its own instead: ["-c", "ls -- \\"$1\\"", "sh", "{{folder}}"].',
  );
}

function outputOf(
  { trouble, stdout, stderr, tooMuch }: CommandResult,
  { name, maxOutputBytes = defaultOutputBytes }: CommandToolOptions,
  env: ToolContext['env'],
): string | undefined {
  if (tooMuch) {
    const mark = `\n[stopped: it wrote more than ${maxOutputBytes} bytes]`;
    return plain(stdout.subarray(0, Math.max(0, maxOutputBytes - mark.length))) + mark;
  }
  if (trouble !== undefined) {
    // Some programs complain on standard output.
    const said = plain(stderr).trim() || plain(stdout).trim();
    const complaint = veiled(said.slice(-longestLook), env).slice(-longestComplaint);
    const words = complaint === '' ? 'It said nothing.' : `It said: ${complaint}`;
    throw new ToolError('command.failed', `${name} ended with ${trouble}. ${words}`);
  }
  const output = plain(stdout).trimEnd();
  return output === '' ? undefined : output;
}

/** Without colours, and without the half of a letter at a cut, which has three bytes at most. */
function plain(bytes: Buffer): string {
  return stripVTControlCharacters(new TextDecoder().decode(bytes))
    .replace(/\uFFFD{1,3}$/, '')
    .replace(/^\uFFFD{1,3}/, '');
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the system refused';
  return 'code' in error && typeof error.code === 'string' ? error.code : 'the system refused';
}
