import { homedir, userInfo } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * The user's home directory; undefined where there is none. An empty or relative `HOME` does not count: what lies in
 * the current directory, such as a `.config` of somebody's repository, would be taken for the user's own.
 */
export function homeDirectory(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const { isAbsolute } = platform === 'win32' ? win32 : posix;
  for (const place of [() => env.HOME, () => env.USERPROFILE, homedir, () => userInfo().homedir]) {
    const path = pathFrom(place);
    if (path !== undefined && isAbsolute(path)) return path;
  }
  return undefined;
}

/** Node fails where the account has no entry, as in containers that run with any number as the user. */
function pathFrom(place: () => string | undefined): string | undefined {
  try {
    return place();
  } catch {
    return undefined;
  }
}
