import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { configVariable } from './setting-names.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's configuration file: `$XDG_CONFIG_HOME/voxterm/config.json`, on Windows in `%APPDATA%`. */
export function userConfigPath(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') {
    return join(env.APPDATA || join(homeOf(env), 'AppData', 'Roaming'), 'voxterm', 'config.json');
  }
  const given = env.XDG_CONFIG_HOME;
  // The specification says that a relative path must be ignored here.
  const base = given !== undefined && isAbsolute(given) ? given : join(homeOf(env), '.config');
  return join(base, 'voxterm', 'config.json');
}

/**
 * The directory for what the program remembers between runs: in `$XDG_STATE_HOME/voxterm`, on Windows in
 * `%LOCALAPPDATA%`.
 */
export function userStatePath(
  env: Environment,
  name: string,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') {
    return join(env.LOCALAPPDATA || join(homeOf(env), 'AppData', 'Local'), 'voxterm', name);
  }
  const given = env.XDG_STATE_HOME;
  const base = given !== undefined && isAbsolute(given) ? given : join(homeOf(env), '.local', 'state');
  return join(base, 'voxterm', name);
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

/** Makes a path given by the user absolute; expands `~/`. */
export function absolutePath(path: string, directory: string, env: Environment): string {
  const homely = /^~(?=$|[/\\])/.test(path) ? join(homeOf(env), path.slice(1)) : path;
  return resolve(directory, homely);
}

function homeOf(env: Environment): string {
  return env.HOME || env.USERPROFILE || homedir();
}
