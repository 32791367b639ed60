// Compiles src to dist: declarations by tsc, which checks the types and is incremental, and the code by rolldown.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pruneDeclarations } from './declarations.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const info = join(root, 'node_modules/.cache/tsbuildinfo');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

function declare() {
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
    cwd: root,
  });
}

if (!existsSync(dist) && existsSync(info)) rmSync(info); // a removed dist must be written again
declare();
// Hundreds of small files that cannot be imported would take a tenth of an installation's disk space.
if (!pruneDeclarations(dist)) {
  rmSync(info);
  declare();
  pruneDeclarations(dist);
}
await import('./bundle.js');
await import('./bundle-mcp.js');
await import('./schema.js');
