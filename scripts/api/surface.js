// The public surface as text: everything that stays compatible within a major version.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { z } from 'zod';
import { loadSource } from '../load-source.js';
import { codesIn } from './codes.js';
import { declarationsOf } from './declarations.js';
import { fieldsOf } from './json-type.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Declarations of all of src, in a directory where other builds do not remove the unreachable ones. */
const declarations = join(root, 'node_modules/.cache/voxterm/declarations');

function section(title, lines) {
  return [`## ${title}`, '', '```', ...lines, '```', ''].join('\n');
}

function declare() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const info = join(declarations, 'tsbuildinfo');
  execFileSync(
    process.execPath,
    [tsc, '-p', 'tsconfig.build.json', '--outDir', declarations, '--tsBuildInfoFile', info],
    { cwd: root, stdio: ['ignore', 2, 'inherit'] },
  );
}

/** `voxterm` → index.d.ts, `voxterm/testing` → testing.d.ts. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([path, { types }]) => [
      `voxterm${path.slice(1)}`,
      join(declarations, types.replace('./dist/', '')),
    ]);
}

function library() {
  declare();
  const entries = entryPoints();
  const { exported, reached } = declarationsOf(
    entries.map(([, path]) => path),
    (path) => readFileSync(path, 'utf8'),
  );
  return [
    ...entries.map(([name, path]) => section(`import from '${name}'`, exported.get(path))),
    section('Types that these lead to', reached),
  ];
}

/** Name, value and choices of a flag. */
function flag({ flags, argChoices, hidden }) {
  const choices = argChoices === undefined ? '' : `  ${argChoices.join('|')}`;
  return `${flags}${choices}${hidden ? '  (hidden)' : ''}`;
}

function commandLines(command, path) {
  const parameters = command.registeredArguments.map(
    (argument) => ` ${argument.required ? 'NAME' : '[NAME]'}`,
  );
  return [
    `${path}${parameters.join('')}`,
    ...command.options.map((option) => `  ${flag(option)}`),
    ...command.commands.flatMap((child) => commandLines(child, `${path} ${child.name()}`)),
  ];
}

async function commandLine() {
  const { createProgram } = await loadSource('cli/program.ts');
  const { stdin, stdout, stderr } = process;
  return section(
    'Commands and flags',
    commandLines(
      createProgram({ stdin, stdout, stderr, env: {} }, () => {}),
      'voxterm',
    ),
  );
}

async function exitCodes() {
  const { ExitCode } = await loadSource('contract/exit.ts');
  return section(
    'Exit codes',
    Object.entries(ExitCode).map(([name, code]) => `${code} ${name}`),
  );
}

async function configuration() {
  const { configSchema } = await loadSource('config/schema.ts');
  const { environmentNames } = await environment();
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return [section('Configuration', fieldsOf(schema)), section('Environment variables', environmentNames)];
}

/** Variables that the source names, and those of keys, which the catalog of providers names. */
async function environment() {
  const { catalog } = await loadSource('providers/catalog.ts');
  const own = sources().flatMap(({ text }) => text.match(/\bVOXTERM_[A-Z][A-Z_]*[A-Z]\b/g) ?? []);
  const keys = catalog.flatMap(({ keyVariables, variables = [] }) => [...keyVariables, ...variables]);
  return { environmentNames: [...new Set([...own, ...keys])].sort() };
}

async function events() {
  const { lineSchema } = await loadSource('terminal/ndjson-schema.ts');
  const { oneOf, anyOf } = z.toJSONSchema(lineSchema, { io: 'input' });
  const lines = (oneOf ?? anyOf).map(({ properties, required }) => {
    const { type, ...others } = properties;
    const fields = fieldsOf({ type: 'object', properties: others, required }, { deep: false });
    return [type.const, ...fields.map((field) => `  ${field}`)].join('\n');
  });
  return section('Lines of --json', lines);
}

async function providers() {
  const { providerIds } = await loadSource('providers/registry.ts');
  return section('Providers', providerIds());
}

function sources() {
  const src = join(root, 'src');
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }));
}

function codes() {
  const files = sources()
    .filter(({ name }) => !name.startsWith('simulator'))
    .map(({ name, text }) => ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  return section('Codes of errors and warnings', codesIn(files));
}

export async function publicSurface() {
  const parts = [
    ...library(),
    await commandLine(),
    await exitCodes(),
    ...(await configuration()),
    await events(),
    codes(),
    await providers(),
  ];
  return parts.join('\n');
}
