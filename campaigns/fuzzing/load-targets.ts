import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FuzzTarget } from './target.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../fuzz');

/** Names of all targets: the files of `campaigns/fuzz`. */
export const targetNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))
  .sort();

export async function loadTarget(name: string): Promise<FuzzTarget> {
  const module: { target: FuzzTarget } = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  return module.target;
}
