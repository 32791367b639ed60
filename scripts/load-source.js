// Imports a module of src without a build of the whole.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { inputOptions } from './rolldown-options.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Below node_modules, so that the packages are found from there. */
const folder = join(root, 'node_modules/.cache/voxterm');

/** The module at a path below src, for example `cli/program.ts`. */
export async function loadSource(path) {
  mkdirSync(folder, { recursive: true });
  const build = await rolldown({ ...inputOptions, input: join(root, 'src', path) });
  const file = join(folder, `${path.replace(/\.ts$/, '').replaceAll('/', '-')}.js`);
  await build.write({ file, format: 'esm', codeSplitting: false });
  await build.close();
  return import(pathToFileURL(file).href);
}
