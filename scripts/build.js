// Compiles src to dist. Incremental: a second run costs a second.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const info = join(root, 'node_modules/.cache/tsbuildinfo');
if (!existsSync(join(root, 'dist')) && existsSync(info)) rmSync(info); // a removed dist must be written again

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
  cwd: root,
});
await import('./schema.js');
