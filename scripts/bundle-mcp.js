// Puts the MCP client into dist/tools/mcp/sdk.js, so that an installation does not need its package and dependencies.
// Built from the source each time, so that it can be run repeatedly.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src/tools/mcp/sdk.ts');
const bundle = join(root, 'dist/tools/mcp/sdk.js');
const licences = join(root, 'dist/tools/mcp/sdk.LICENSES.txt');

const own = Object.keys(readJson(join(root, 'package.json')).dependencies);
const external = (id) =>
  id.startsWith('node:') ||
  builtinModules.includes(id) ||
  own.some((name) => id === name || id.startsWith(`${name}/`));

/** The client's default response validator is a third of its size, and we do not use it. */
const withoutValidator = {
  name: 'without-validator',
  resolveId: (id) => (id === '@modelcontextprotocol/client/_shims' ? '\0shims' : undefined),
  load: (id) =>
    id === '\0shims'
      ? 'export const CORS_IS_POSSIBLE = false; export class DefaultJsonSchemaValidator {}'
      : undefined,
};

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The package a module belongs to: its directory. */
function packageOf(module) {
  let directory = dirname(module);
  while (
    !existsSync(join(directory, 'package.json')) ||
    readJson(join(directory, 'package.json')).name === undefined
  )
    directory = dirname(directory);
  return directory;
}

function licenceOf(directory) {
  const { name, version, license } = readJson(join(directory, 'package.json'));
  const texts = readdirSync(directory)
    .filter((file) => /^(licen[cs]e|notice)/i.test(file))
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  if (texts.length === 0) throw new Error(`${name} comes without the text of its licence (${license}).`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

const build = await rolldown({
  input: source,
  platform: 'node',
  external,
  plugins: [withoutValidator],
  // The client must not write messages for developers to our streams.
  transform: { define: { 'console.debug': 'Function.prototype', 'console.warn': 'Function.prototype' } },
});
const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
await build.close();
const [chunk, ...others] = output;
if (others.length > 0)
  throw new Error(`The MCP client is more than one file: ${output.map(({ fileName }) => fileName)}`);
const inlined = Object.keys(chunk.modules).filter((id) => id.includes('node_modules'));
const packages = [...new Set(inlined.map(packageOf))].sort();
const note = '// The MCP client and what it needs, bundled; licences: sdk.LICENSES.txt';
const code = `${note}\n${chunk.code}`;
if (!existsSync(bundle) || readFileSync(bundle, 'utf8') !== code) writeFileSync(bundle, code);
writeFileSync(licences, `${packages.map(licenceOf).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
