// Bundles src into dist: the entry points, one file for each module that is loaded on demand, and shared code in
// dist/chunks. Hundreds of files of a few lines would take twice their size on disk, and longer to load. Each file has
// a source map without the source's text, so that `node --enable-source-maps` names the lines of src.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { inputOptions } from './rolldown-options.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');
const dist = join(root, 'dist');

/** Started as separate processes. */
const programs = ['cli', 'audio/helper/main', 'commands/doctor/backend-report'];

/** What package.json exports: `index` for ./dist/index.js. */
function exported() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.values(exports)
    .map((target) => /^\.\/dist\/(.+)\.js$/.exec(target.default ?? target)?.[1])
    .filter((name) => name !== undefined);
}

const entries = [...exported(), ...programs];

/** `audio/open-sound` for src/audio/open-sound.ts. */
function nameOf(module) {
  return relative(src, module).split(sep).join('/').replace(/\.ts$/, '');
}

const build = await rolldown({
  ...inputOptions,
  input: Object.fromEntries(entries.map((name) => [name, join(src, `${name}.ts`)])),
});
const { output } = await build.write({
  dir: dist,
  format: 'esm',
  comments: false,
  sourcemap: true,
  sourcemapExcludeSources: true,
  entryFileNames: '[name].js',
  // Shared by everything: two dozen modules of a few lines.
  codeSplitting: { groups: [{ name: 'base', test: /src[\\/](base|contract)[\\/](?!session-event)/ }] },
  chunkFileNames: ({ isDynamicEntry, facadeModuleId, name }) =>
    isDynamicEntry && facadeModuleId ? `${nameOf(facadeModuleId)}.js` : `chunks/${name}.js`,
});
await build.close();

// Files left by an earlier build would be published.
const written = new Set(output.map(({ fileName }) => fileName));
for (const name of readdirSync(dist, { recursive: true })) {
  const path = name.split(sep).join('/');
  if (/\.js(\.map)?$/.test(path) && !written.has(path)) rmSync(join(dist, name));
}

// This file is rewritten with the MCP client in it, so it must not contain anything else.
const sdk = output.find(({ fileName }) => fileName === 'tools/mcp/sdk.js');
if (sdk?.moduleIds.length !== 1)
  throw new Error(`dist/tools/mcp/sdk.js holds ${sdk?.moduleIds ?? 'nothing'}.`);
if (existsSync(join(dist, 'tools/mcp/sdk.js.map'))) rmSync(join(dist, 'tools/mcp/sdk.js.map'));
