import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { anchor } from './anchor.js';
import { checkConfig } from './check.js';
import type { Layer, Origin, Path, Source } from './layer.js';
import { flagOf, type SettingName, settingNames } from './setting-names.js';
import type { CommonFlags } from './settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The values set by command-line flags. */
export async function flagLayer(flags: CommonFlags, directory: string, env: Environment): Promise<Layer> {
  const origin = originOf('flag', directory, ({ option }) => flagOf(option));
  const values = given(({ option, kind }) => {
    const value = flags[option];
    if (kind === 'number' && typeof value === 'string') return numeric(value);
    if (kind === 'map' && Array.isArray(value)) return mapped(value, flagOf(option), origin.exitCode);
    return option === 'tool' && Array.isArray(value) ? named(value) : value;
  });
  return anchor(checkConfig(values, origin), origin, env);
}

/** The values set by `VOXTERM_…` variables. An empty variable counts as not set. */
export async function environmentLayer(env: Environment, directory: string): Promise<Layer> {
  const origin = originOf('environment', directory, ({ variable }) => variable);
  const values = given(({ variable, kind }) => {
    const text = env[variable];
    if (text === undefined || text.trim() === '') return undefined;
    switch (kind) {
      case 'text':
        return text;
      case 'switch':
        return switches.get(text.toLowerCase()) ?? text;
      case 'number':
        return numeric(text);
      case 'list':
        return named(listed(text));
      case 'map':
        return mapped(listed(text), variable, origin.exitCode);
    }
  });
  return anchor(checkConfig(values, origin), origin, env);
}

const switches: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** Text that is not a number is returned unchanged, so that the message can quote it. */
function numeric(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function listed(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** @throws VoxtermError for a part that is not of the form `NAME=VALUE`. */
function mapped(
  parts: readonly string[],
  place: string,
  exitCode: ExitCode,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    parts.map((part) => {
      const equals = part.indexOf('=');
      if (equals > 0) return [part.slice(0, equals).trim(), part.slice(equals + 1)];
      throw new VoxtermError(`${place} is ${JSON.stringify(part)}.`, {
        code: 'config.invalid',
        exitCode,
        hint: 'Allowed: NAME=VALUE, for example company=Acme.',
      });
    }),
  );
}

/** A single `none` means the empty list, which cannot be written in another way. */
function named(tools: readonly string[]): readonly string[] {
  return tools.length === 1 && tools[0] === 'none' ? [] : tools;
}

/** Values in the structure of the configuration file. */
function given(read: (name: SettingName) => unknown): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const groups: Record<string, Record<string, unknown>> = {};
  for (const name of settingNames) {
    const value = read(name);
    const [first = '', second] = name.key;
    if (value === undefined) continue;
    if (second === undefined) values[first] = value;
    else groups[first] = { ...groups[first], [second]: value };
  }
  return { ...values, ...groups };
}

function originOf(
  source: Extract<Source, 'flag' | 'environment'>,
  directory: string,
  label: (name: SettingName) => string,
): Origin {
  const nameOf = (path: Path): string => {
    const name = settingNames.find(({ key }) => key.every((step, index) => step === path[index]));
    return name === undefined ? path.join('.') : label(name);
  };
  return {
    source,
    directory,
    exitCode: source === 'flag' ? ExitCode.usage : ExitCode.configuration,
    nameOf,
    label: nameOf,
  };
}
