import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { packageFile } from '../base/package-files.js';
import { keyStates } from '../config/keys.js';
import { resolveWithOrigins } from '../config/load.js';
import { namedConfigPath, noHome, userConfigPath } from '../config/paths.js';
import { type Config, configSchema } from '../config/schema.js';
import type { CommonFlags, Io } from '../config/settings.js';
import { masked, shownValue } from '../config/shown-value.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { table } from '../terminal/text/table.js';

/** Prints the path of the configuration file, whether it exists or not. */
export function printConfigPath(flags: CommonFlags, io: Io): ExitCode {
  const path = pathOf(flags, io);
  io.stdout.write(flags.json ? `${JSON.stringify({ path, exists: existsSync(path) })}\n` : `${path}\n`);
  return ExitCode.ok;
}

/** Prints every value in effect and its origin; for keys, only whether they are set. */
export async function printConfig(flags: CommonFlags, io: Io): Promise<ExitCode> {
  const { effective, files, settings } = await resolveWithOrigins(flags, io.env, io);
  const values = leaves(inOrder(effective.config)).map(({ path, value }) => ({
    key: path.join('.'),
    value: masked(path, value),
    shown: shownValue(path, value),
    from: effective.originOf(path)?.label(path) ?? 'default',
  }));
  const keys = keyStates(settings.env).map(({ variable, set }) => ({ variable, set }));
  if (settings.output.json) {
    const byKey = Object.fromEntries(values.map(({ key, value, from }) => [key, { value, from }]));
    io.stdout.write(`${JSON.stringify({ files, settings: byKey, keys }, undefined, 2)}\n`);
    return ExitCode.ok;
  }
  const rows = [
    ...values.map(({ key, shown, from }) => [key, shown, from]),
    ...keys.map(({ variable, set }) => [variable, set ? 'set' : 'not set', 'environment']),
  ];
  io.stdout.write(table(['setting', 'value', 'from'], rows, settings.output.color.stdout));
  return ExitCode.ok;
}

/**
 * Writes a file that explains every setting and sets none.
 * @throws VoxtermError exit 2 when the file already exists or cannot be written.
 */
export async function initConfig(flags: CommonFlags, io: Io): Promise<ExitCode> {
  const path = pathOf(flags, io);
  const example = await readFile(packageFile('config.example.json'), 'utf8');
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, starter(example), { flag: 'wx' });
  } catch (error) {
    throw unwritable(path, error);
  }
  io.stdout.write(flags.json ? `${JSON.stringify({ path })}\n` : `${path}\n`);
  return ExitCode.ok;
}

/** The example with its settings commented out. */
export function starter(example: string): string {
  const lines = example.trimEnd().split('\n');
  return `${lines.map((line) => line.replace(/^ {2}(?! *(\/\/|$))/, '  // ')).join('\n')}\n`;
}

function pathOf(flags: CommonFlags, { env }: Io): string {
  const path = namedConfigPath(flags.config, env, process.cwd()) ?? userConfigPath(env);
  if (path === undefined) throw noHome('Your configuration is below the home directory');
  return path;
}

/** In the order of the schema, which is that of the documentation. */
function inOrder(config: Config): object {
  const order = Object.keys(configSchema.shape);
  const position = ([key]: [string, unknown]): number => order.indexOf(key);
  return Object.fromEntries(Object.entries(config).sort((a, b) => position(a) - position(b)));
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Every single value. Turn detection is one value: its parts mean nothing alone. */
function leaves(values: object, above: readonly string[] = []): Leaf[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const path = [...above, key];
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value) && key !== 'turns';
    return isGroup ? leaves(value, path) : [{ path, value }];
  });
}

function unwritable(path: string, cause: unknown): VoxtermError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const [problem, hint] =
    code === 'EEXIST' && existsSync(path)
      ? ['is there already and stays as it is', 'Edit it, or remove it first.']
      : [`cannot be written (${String(code ?? cause)})`, 'Name another place with --config FILE.'];
  return new VoxtermError(`The configuration file ${JSON.stringify(path)} ${problem}.`, {
    code: 'config.unwritable',
    exitCode: ExitCode.usage,
    hint,
    cause,
  });
}
