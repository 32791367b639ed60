import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `dist` of the package, or `src` where the source itself runs. The build puts many modules into one file, so a path
 * relative to a module would not survive it.
 */
function codeFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dirname(folder), 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`There is no package.json above ${import.meta.url}.`);
    folder = above;
  }
  return folder;
}

/** A program of ours for a child process: path below src, with the name it has when it is compiled. */
export function codeFile(path: string): string {
  return join(codeFolder(), path);
}

/** A file beside package.json. */
export function packageFile(path: string): string {
  return join(dirname(codeFolder()), path);
}
