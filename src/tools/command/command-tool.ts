import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { isObject } from '../../base/json.js';
import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';
import { longestExamined, maskSecrets } from '../calls/failure-outcome.js';
import type { Approval, JsonSchema, Tool, ToolContext } from '../definition/tool.js';
import { ToolError } from '../definition/tool-error.js';
import { fileStatus } from '../processes/file-status.js';
import { argumentList } from './argument-list.js';
import { commandEnvironment } from './command-environment.js';
import { type CommandResult, runCommand } from './command-run.js';
import { fill, readTemplate, textsOf } from './placeholder.js';
import { closedParameters, placeholderDanger, requireClosed } from './placeholder-rule.js';
import { programPath } from './program-path.js';

/** A local program as a tool. No shell is involved: each argument reaches the program unchanged. */
export interface CommandToolOptions {
  readonly type: 'command';
  /** 1 to 64 letters, digits, `_` or `-`; the model calls the tool by this name. */
  readonly name: string;
  /** For the model: what the tool does and when to use it. */
  readonly description: string;
  /** A program in PATH, or a path relative to the configuration's folder. It must be on the list of programs. */
  readonly command: string;
  /** `{{name}}` stands for a parameter of the call: as a whole argument, or with values that cannot be text. */
  readonly args?: readonly string[] | undefined;
  /** A JSON Schema of type object; absent = takes no arguments. */
  readonly parameters?: JsonSchema | undefined;
  /** Milliseconds; then the program is stopped with everything it has started. */
  readonly timeoutMs?: number | undefined;
  /** Limit of its standard output; a program that writes more is stopped. Default 64 KiB. */
  readonly maxOutputBytes?: number | undefined;
  /** Where it runs; default: the configuration's folder. */
  readonly cwd?: string | undefined;
  /** Names of variables to pass on besides PATH, HOME, language and the like; or variables with their values. */
  readonly env?: readonly string[] | Readonly<Record<string, string>> | undefined;
  /** Text for its standard input. Placeholders in it need `unsafe`, except those of values that cannot be text. */
  readonly stdin?: string | undefined;
  /**
   * Allow placeholders everywhere: in parts of arguments, after options, in `stdin`, and for every program rather than
   * those known to only read their arguments. What the model writes may then become a command. Default false.
   */
  readonly unsafe?: boolean | undefined;
  /** Default `ask`. */
  readonly approval?: Approval | undefined;
}

export interface CommandSurroundings {
  /** Programs that may be started: names of programs in PATH, or paths. */
  readonly programs: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly directory: string;
}

const defaultOutputBytes = 65_536;
/** Enough of the error output for one sentence to the model. */
const longestErrorOutput = 380;

/**
 * Makes a tool of a program. @throws VoxtermError exit 3 when the program is not on the list or does not exist, or its
 * arguments are invalid.
 */
export function createCommandTool(options: CommandToolOptions, surroundings: CommandSurroundings): Tool {
  const { name, args = [], parameters = {}, stdin, maxOutputBytes = defaultOutputBytes } = options;
  const program = allowedProgram(options, surroundings);
  const cwd = workingFolder(options, surroundings);
  checkPlaceholders(options, program);
  const closed = closedParameters(parameters);
  const template = stdin === undefined ? undefined : readTemplate(stdin);
  return {
    name,
    description: options.description,
    parameters,
    timeoutMs: options.timeoutMs,
    approval: options.approval ?? 'ask',
    execute: async (given, { signal, env }) => {
      const values = isObject(given) ? given : {};
      requireClosed(closed, values);
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
      : 'Install it, or give its full path: it is not in any folder of PATH.',
  );
}

function workingFolder({ name, cwd = '.' }: CommandToolOptions, { directory }: CommandSurroundings): string {
  const path = resolve(directory, cwd);
  if (fileStatus(path)?.isDirectory() === true) return path;
  throw unusable(name, `its "cwd" ${path} is not a folder`, 'Give a folder that exists, or leave "cwd" out.');
}

function checkPlaceholders(options: CommandToolOptions, program: string): void {
  const { name, command, args = [], stdin = '', parameters = {}, unsafe = false } = options;
  const known = isObject(parameters.properties) ? Object.keys(parameters.properties) : [];
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
      'The model must not choose the program: give its name.',
    );
  }
  const danger = unsafe ? undefined : placeholderDanger(program, { args, stdin, parameters });
  if (danger === undefined) return;
  throw unusable(
    name,
    `the model could write a command: ${danger}`,
    'Make the value a whole argument after "--", of a program that is known to only read it (cat, grep, ls …); or limit the parameter ("enum", or a number); or set "unsafe": true if what the model writes there does no harm (docs/tools.md).',
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
    // Some programs write their errors to standard output.
    const said = plain(stderr).trim() || plain(stdout).trim();
    const errorOutput = maskSecrets(said.slice(-longestExamined), env).slice(-longestErrorOutput);
    const words = errorOutput === '' ? 'It printed no message.' : `It printed: ${errorOutput}`;
    throw new ToolError('command.failed', `${name} ended with ${trouble}. ${words}`);
  }
  const output = plain(stdout).trimEnd();
  return output === '' ? undefined : output;
}

/** Without colours, and without the incomplete character at a cut, which has at most three bytes. */
function plain(bytes: Buffer): string {
  return stripVTControlCharacters(new TextDecoder().decode(bytes))
    .replace(/\uFFFD{1,3}$/, '')
    .replace(/^\uFFFD{1,3}/, '');
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the system refused';
  return 'code' in error && typeof error.code === 'string' ? error.code : 'the system refused';
}

/** The reason why a configured program cannot be a tool; found before the session starts. */
function unusable(tool: string, what: string, hint: string, facts?: Facts): VoxtermError {
  return new VoxtermError(`The command tool "${tool}" cannot be used: ${what}.`, {
    code: 'tool.command',
    exitCode: ExitCode.configuration,
    hint,
    facts,
  });
}
