/**
 * The built program, for tests that run it instead of importing the source. This is the only file of the tests that knows
 * where the build is. Only files of the projects `program` and `sound` may import it: those projects build first.
 */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inject } from 'vitest';

// The benchmarks use the build, too, and are no tests.
if (process.env.VITEST !== undefined && !inject('built'))
  throw new Error(
    'This test runs the built program, and the project `unit` builds nothing: add its file to `program` in vitest.config.ts.',
  );

/** The folder of the package: where package.json, examples/ and the build are. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** `bin/voxterm.js`. */
export const program = join(packageRoot, 'bin/voxterm.js');

/** Path of a compiled file, for example `audio/helper/main.js`. */
export function builtFile(path: string): string {
  return join(packageRoot, 'dist', path);
}

/** The same as a URL, for an `import` in the code of a child process. */
export function builtUrl(path: string): string {
  return pathToFileURL(builtFile(path)).href;
}
