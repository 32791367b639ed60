import { ExitCode } from '../conversation/exit.js';
import { anchor } from './anchor.js';
import { checkConfig } from './check.js';
import type { Layer, Origin, Path } from './layer.js';
import { flagOf, type SettingName, settingNames } from './setting-names.js';
import type { CommonFlags } from './settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the flags of the command line set. */
export async function flagLayer(flags: CommonFlags, directory: string, env: Environment): Promise<Layer> {
  const origin = originOf('flag', directory, ({ option }) => flagOf(option));
  const values = given(({ option }) => {
    const value = flags[option];
    return option === 'tool' && Array.isArray(value) ? named(value) : value;
  });
  return anchor(checkConfig(values, origin), origin, env);
}

/** What the `VOXTERM_…` variables set. An empty one counts as not set. */
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
      case 'list':
        return named(text.split(',').map((part) => part.trim()));
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

/** `none`, alone, is the empty list, which cannot be written otherwise. */
function named(tools: readonly string[]): readonly string[] {
  return tools.length === 1 && tools[0] === 'none' ? [] : tools;
}

/** Values in the shape of the configuration file. */
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
  source: 'flag' | 'environment',
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
