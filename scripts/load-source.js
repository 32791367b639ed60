// Imports a module of src without building everything.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { inputOptions } from './rolldown-options.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Inside node_modules, so that packages can be resolved from there. */
const folder = join(root, 'node_modules/.cache/voxterm');

/** The module at a path relative to src, for example `cli/program.ts`. */
export async function loadSource(path) {
  mkdirSync(folder, { recursive: true });
  const build = await rolldown({ ...inputOptions, input: join(root, 'src', path) });
  const file = join(folder, `${path.replace(/\.ts$/, '').replaceAll('/', '-')}.js`);
  await build.write({ file, format: 'esm', codeSplitting: false });
  await build.close();
  return import(pathToFileURL(file).href);
}
