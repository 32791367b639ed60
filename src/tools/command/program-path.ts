import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fileStatus } from '../processes/file-status.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Finds a program by its path, which may be relative to `directory`, or by its name in PATH. */
export function programPath(command: string, env: Environment, directory: string): string | undefined {
  if (/[/\\]/.test(command)) return executable(resolve(directory, command), env);
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    // An empty or relative entry means the current directory: anyone may have put a program there.
    if (!isAbsolute(folder)) continue;
    const found = executable(join(folder, command), env);
    if (found !== undefined) return found;
  }
  return undefined;
}

function executable(path: string, env: Environment): string | undefined {
  return candidates(path, env).find((candidate) => {
    if (fileStatus(candidate)?.isFile() !== true) return false;
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Windows finds `git` as `git.exe`. Batch files (.bat, .cmd) are excluded: they run in a shell, which interprets
 * arguments.
 */
function candidates(path: string, env: Environment): readonly string[] {
  if (process.platform !== 'win32') return [path];
  const endings = (env.PATHEXT ?? '.EXE;.COM').split(';').filter((ending) => /^\.(exe|com)$/i.test(ending));
  const complete = /\.(exe|com)$/i.test(path) ? [path] : [];
  return [...complete, ...endings.map((ending) => path + ending)];
}
