import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveSettings } from '../../src/config/load.js';
import { Approvals } from '../../src/tools/approval/approvals.js';
import { builtinTools, loadTools } from '../../src/tools/load-tools.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';
import { builtUrl } from '../built.js';

const examples = fileURLToPath(new URL('../../examples/tools/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'voxterm-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = `{ name: 'a', description: 'A.', execute: () => 1 }`;

/** Valid modules. */
const usable: Record<string, { source: string; names: string[] }> = {
  'default.mjs': { source: `export default ${good};`, names: ['a'] },
  'tools.mjs': {
    source: `export const tools = [${good}, { ...${good}, name: 'b' }];`,
    names: ['a', 'b'],
  },
  'both.mjs': { source: `export const tools = [${good}]; export default tools;`, names: ['a'] },
  'function.mjs': { source: `export default async () => [${good}];`, names: ['a'] },
  'kit.mjs': {
    source: `export default ({ z, defineTool }) =>
      defineTool({ name: 'k', description: 'K.', parameters: z.object({ n: z.int() }), execute: () => 1 });`,
    names: ['k'],
  },
  'common.cjs': { source: `module.exports = ${good};`, names: ['a'] },
  'none.mjs': {
    source: `export default []; export const tools = () => (${good});`,
    names: ['a'],
  },
};

/** Invalid modules, and the messages about them. */
const broken: Record<string, { source: string; told: RegExp; hint: RegExp }> = {
  'empty.mjs': { source: '', told: /exports no tool; it exports nothing/, hint: /"default" or as "tools"/ },
  'other.mjs': {
    source: 'export const tool = 1;',
    told: /it exports tool\./,
    hint: /"default" or as "tools"/,
  },
  'syntax.mjs': {
    source: 'export default {,',
    told: /syntax\.mjs is not valid JavaScript/,
    hint: /node --check/,
  },
  'throws.mjs': {
    source: 'throw new Error("no disk")',
    told: /it failed with "no disk"/,
    hint: /execute\(\)/,
  },
  'fails.mjs': {
    source: 'export default () => { throw new Error("no disk") }',
    told: /its export "default" failed with "no disk"/,
    hint: /execute\(\)/,
  },
  'imports.mjs': {
    source: 'import "no-such-package"; export default 1',
    told: /imports no-such-package, which cannot be found/,
    hint: /npm install/,
  },
  'data.json': { source: '{}', told: /cannot import \.json/, hint: /\.mjs or \.js/ },
  'number.mjs': {
    source: 'export default 7',
    told: /"default" of .*number\.mjs is not a tool: it is a number/,
    hint: /execute/,
  },
  'item.mjs': {
    source: `export const tools = [${good}, { ...${good}, name: 'two words' }]`,
    told: /"tools"\[1\] of .* its name is "two words"/,
    hint: /1 to 64 letters/,
  },
  'nameless.mjs': { source: 'export default {}', told: /it has no "name"/, hint: /1 to 64 letters/ },
  'undescribed.mjs': {
    source: `export default { name: 'a' }`,
    told: /has no "description"/,
    hint: /sentence/,
  },
  'inactive.mjs': {
    source: `export default { name: 'a', description: 'A.', run() {} }`,
    told: /\(tool "a"\) is not a tool: it has no "execute"/,
    hint: /It has: name, description, run/,
  },
  'parameters.mjs': {
    source: `export default { ...${good}, parameters: ['n'] }`,
    told: /its "parameters" are an array/,
    hint: /zod object or a JSON Schema/,
  },
  'waiting.mjs': {
    source: `export default { ...${good}, blocking: 'no' }`,
    told: /its "blocking" is "no"/,
    hint: /Give false/,
  },
  'patience.mjs': {
    source: `export default { ...${good}, timeoutMs: '5s' }`,
    told: /its "timeoutMs" is "5s"/,
    hint: /milliseconds/,
  },
  'twins.mjs': {
    source: `export default [${good}, ${good}]`,
    told: /Two tools are named "a": both come from/,
    hint: /rename/,
  },
};

interface Outcome {
  names?: string[];
  error?: { name: string; message: string; hint: string; exitCode: number };
}
const outcomes = new Map<string, Outcome>();

/** One process for all modules: starting Node for each would take a second. */
beforeAll(() => {
  const files = { ...usable, ...broken };
  for (const [name, { source }] of Object.entries(files)) writeFileSync(join(folder, name), source);
  mkdirSync(join(folder, 'folder.mjs'));
  const specs = [...Object.keys(files), 'folder.mjs', 'missing.mjs'];
  const script = fileURLToPath(new URL('./load-tools.mjs', import.meta.url));
  const printed = execFileSync(
    process.execPath,
    [script, builtUrl('index.js'), ...specs.map((name) => join(folder, name))],
    { encoding: 'utf8' },
  );
  const results: Outcome[] = JSON.parse(printed);
  for (const [index, spec] of specs.entries()) outcomes.set(spec, results[index] ?? {});
});

describe('a tool module', () => {
  it.each(Object.entries(usable))('may look like %s', (file, { names }) => {
    expect(outcomes.get(file)).toEqual({ names });
  });

  it.each(Object.entries(broken))('is rejected with a message: %s', (file, { told, hint }) => {
    expect(outcomes.get(file)?.error).toEqual({
      name: 'VoxtermError',
      message: expect.stringMatching(told),
      hint: expect.stringMatching(hint),
      exitCode: 3,
    });
  });

  it('must be a file that exists', () => {
    expect(outcomes.get('missing.mjs')?.error).toMatchObject({
      message: `There is no tool module at ${join(folder, 'missing.mjs')}.`,
      exitCode: 3,
    });
    expect(outcomes.get('folder.mjs')?.error?.message).toMatch(/is a folder/);
  });
});

describe('loadTools', () => {
  it('finds the built-in tools by name, each once', async () => {
    const tools = await loadTools(['get_time', 'get_weather', 'get_time']);
    expect(tools.map(({ name }) => name)).toEqual(['get_time', 'get_weather']);
    expect(builtinTools().map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
    expect(await loadTools([])).toEqual([]);
  });

  it('suggests the nearest name and lists all', async () => {
    await expect(loadTools(['get_wether'])).rejects.toMatchObject({
      message: 'There is no built-in tool named "get_wether". Did you mean get_weather?',
      hint: expect.stringContaining('Built in: get_weather, get_time.'),
      exitCode: 3,
    });
  });

  it('lets the environment override the configuration for the weather service', async () => {
    const load = loadTools(['get_weather'], {
      weather: { forecastUrl: 'http://127.0.0.1:1/' },
      env: { VOXTERM_WEATHER_FORECAST_URL: 'nonsense' },
    });
    await expect(load).rejects.toMatchObject({ message: expect.stringContaining('nonsense'), exitCode: 3 });
  });

  it('says where two tools of one name come from', async () => {
    const file = join(folder, 'time.mjs');
    writeFileSync(file, `export default { name: 'get_time', description: 'T.', execute: () => 1 }`);
    await expect(loadTools(['get_time', file])).rejects.toMatchObject({
      message: `Two tools are named "get_time": one from get_time, one from ${file}.`,
      exitCode: 3,
    });
  });
});

describe('the documentation', () => {
  it.each(['docs/tools.md', 'README.md'])('shows modules that load: %s', async (page) => {
    const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
    const modules = [...text.matchAll(/```js\n(.*?)```/gs)].flatMap(([, source = '']) =>
      source.includes('export default') ? [source] : [],
    );
    expect(modules.length).toBeGreaterThan(0);
    for (const [index, source] of modules.entries()) {
      const file = join(folder, `${page.replace('/', '-')}-${index}.mjs`);
      writeFileSync(file, source);
      const approvals = new Approvals(['*']);
      const runner = createToolRunner(await loadTools([file]), { env: {}, approvals });
      const args = JSON.stringify({ sides: 6, who: 'Ann' });
      const [spec] = runner.specs;
      const outcome = await runner.run({ callId: 'c', name: spec?.name ?? '', arguments: args });
      expect(outcome.kind, outcome.output).toBe('finished');
    }
  });
});

describe('the examples', () => {
  async function run(file: string, ...calls: { name: string; arguments: string }[]) {
    const runner = createToolRunner(await loadTools([join(examples, file)]), { env: {} });
    const outputs: string[] = [];
    for (const [index, call] of calls.entries()) {
      outputs.push((await runner.run({ callId: `c${index}`, ...call })).output);
    }
    return outputs;
  }

  it('roll dice', async () => {
    const [rolled = '', refused] = await run(
      'dice.mjs',
      { name: 'roll_dice', arguments: '{"count":3}' },
      { name: 'roll_dice', arguments: '{"sides":7}' },
    );
    const { rolls, total }: { rolls: number[]; total: number } = JSON.parse(rolled);
    expect(rolls).toHaveLength(3);
    for (const roll of rolls) expect([1, 2, 3, 4, 5, 6]).toContain(roll);
    expect(total).toBe(rolls.reduce((sum, roll) => sum + roll));
    expect(refused).toContain('arguments.invalid');
  });

  it('keep notes, by permission', async () => {
    const approvals = new Approvals(['write_note']);
    const runner = createToolRunner(await loadTools([join(examples, 'notes.mjs')]), {
      env: {},
      approvals,
      asksSomebody: false,
    });
    const call = (name: string, args: object) =>
      runner.run({ callId: `${name}${JSON.stringify(args)}`, name, arguments: JSON.stringify(args) });
    expect(await call('write_note', { text: 'milk' })).toMatchObject({ output: 'Note 1 is written.' });
    expect(await call('write_note', { text: '<b>' })).toMatchObject({ code: 'guardrail' });
    expect(await call('clear_notes', {})).toMatchObject({ code: 'approval.missing' });
    expect(await call('read_notes', {})).toMatchObject({ output: '{"notes":["milk"]}' });
  });

  it('start programs', async () => {
    const given = { config: join(examples, 'command.config.json') };
    const { tools: specs, team } = await resolveSettings(given, { HOME: folder });
    const tools = await loadTools(specs, { programs: team.programs, env: process.env, directory: examples });
    const runner = createToolRunner(tools, { env: {}, approvals: new Approvals(['find_in_text']) });
    const run = async (name: string, args: object) =>
      (await runner.run({ callId: name, name, arguments: JSON.stringify(args) })).output;
    expect(await run('find_in_text', { words: '-v B', text: 'a\nx -v b\nc' })).toBe('x -v b');
    expect(await run('recent_changes', { count: 51 })).toContain('arguments.invalid');
    expect(runner.specs.map(({ mayAsk = false }) => mayAsk)).toEqual([false, true]);
  });

  it('keep a shopping list', async () => {
    const add = (json: string) => ({ name: 'add_to_shopping_list', arguments: json });
    const outputs = await run(
      'shopping-list.mjs',
      add('{"item":"apple","amount":2}'),
      add('{"item":"apple"}'),
      add('{"item":""}'),
      { name: 'read_shopping_list', arguments: '' },
    );
    expect(outputs[2]).toContain('arguments.invalid');
    expect(outputs[3]).toBe('{"apple":3}');
  });
});
