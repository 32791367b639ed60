import { isAbsolute, join, resolve, win32 } from 'node:path';
import { homeDirectory } from '../base/home-directory.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { configVariable } from './setting-names.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The user's configuration file: `$XDG_CONFIG_HOME/voxterm/config.json`, on Windows in `%APPDATA%`. Undefined where the
 * user has no home directory.
 */
export function userConfigPath(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const places =
    platform === 'win32'
      ? { given: env.APPDATA, usual: ['AppData', 'Roaming'] }
      : { given: env.XDG_CONFIG_HOME, usual: ['.config'] };
  return userPath(places, 'config.json', env, platform);
}

/**
 * The directory for what the program remembers between runs: in `$XDG_STATE_HOME/voxterm`, on Windows in
 * `%LOCALAPPDATA%`. Undefined where the user has no home directory.
 */
export function userStatePath(
  env: Environment,
  name: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const places =
    platform === 'win32'
      ? { given: env.LOCALAPPDATA, usual: ['AppData', 'Local'] }
      : { given: env.XDG_STATE_HOME, usual: ['.local', 'state'] };
  return userPath(places, name, env, platform);
}

interface Places {
  /** The variable that names the directory. */
  readonly given: string | undefined;
  /** Below the home directory. */
  readonly usual: readonly string[];
}

function userPath(
  { given, usual }: Places,
  name: string,
  env: Environment,
  platform: NodeJS.Platform,
): string | undefined {
  const isWhole = platform === 'win32' ? win32.isAbsolute : isAbsolute;
  // The specification of XDG says that a relative path must be ignored here.
  if (given !== undefined && isWhole(given)) return join(given, 'voxterm', name);
  const home = homeDirectory(env, platform);
  return home === undefined ? undefined : join(home, ...usual, 'voxterm', name);
}

/** The file that `--config` or VOXTERM_CONFIG names. */
export function namedConfigPath(
  flag: string | undefined,
  env: Environment,
  directory: string,
): string | undefined {
  const named = flag ?? (env[configVariable] || undefined);
  return named === undefined ? undefined : absolutePath(named, directory, env);
}

/**
 * Makes a path given by the user absolute; expands `~/`.
 * @throws VoxtermError exit 3 for `~/` where the user has no home directory.
 */
export function absolutePath(path: string, directory: string, env: Environment): string {
  if (!/^~(?=$|[/\\])/.test(path)) return resolve(directory, path);
  const home = homeDirectory(env);
  if (home === undefined) throw noHome(`${path} is below a home directory`);
  return resolve(directory, join(home, path.slice(1)));
}

/** @param need the sentence that it completes: "…, and there is none". */
export function noHome(need: string): VoxtermError {
  return new VoxtermError(`${need}, and there is none: HOME is not an absolute path.`, {
    code: 'config.home',
    exitCode: ExitCode.configuration,
    hint: 'Set HOME to your home directory, or name the file by its full path.',
  });
}
