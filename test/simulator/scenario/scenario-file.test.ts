import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VoxtermError } from '../../../src/contract/failure.js';
import { loadScenario, parseScenario } from '../../../src/simulator/scenario/scenario-file.js';
import { scenarioSchema } from '../../../src/simulator/scenario/scenario-schema.js';

const examples = new URL('../../../examples/scenarios/', import.meta.url);

test('every example is a scenario', async () => {
  const names = await readdir(examples);
  expect(names.sort()).toEqual(['agents.json', 'time.json', 'tools.json', 'trouble.json', 'weather.json']);
  for (const name of names) {
    const scenario = await loadScenario(new URL(name, examples).pathname);
    expect(scenario.turns.length).toBeGreaterThan(0);
  }
});

test('comments and trailing commas are allowed, defaults are filled in', () => {
  const scenario = parseScenario('{ // words\n "turns": [{ "said": "Hi.", }, ], }', 'a.json');
  expect(scenario).toEqual({ voice: 'system', pace: 5, repeat: false, turns: [{ said: 'Hi.' }] });
});

test.each<[string, string, RegExp, RegExp]>([
  [
    'an unknown key',
    '{\n  "turns": [\n    { "heared": "x" }\n  ]\n}',
    /^a\.json:3:7: unknown key "heared"\.$/,
    /Did you mean "heard"\?/,
  ],
  [
    'a key that stands there twice',
    '{ "turns": [{ "said": "x" }],\n  "turns": [] }',
    /^a\.json:2:3: the key "turns" stands there twice\.$/,
    /^Keep one of them\./,
  ],
  [
    'a key that stands twice in a turn',
    '{ "turns": [{ "said": "x", "said": "y" }] }',
    /^a\.json:1:28: the key "said" stands there twice\.$/,
    /^Keep one of them\./,
  ],
  ['levels without end', '['.repeat(300_000), /^a\.json:1:1: the file is nested too deeply\.$/, /docs/],
  [
    'many levels',
    `{ "turns": ${'['.repeat(3000)}${']'.repeat(3000)} }`,
    /^a\.json:1:1: the file is nested too deeply\.$/,
    /docs/,
  ],
  [
    'an unknown key at the top',
    '{ "turn": [] }',
    /^a\.json:1:3: unknown key "turn"\.$/,
    /Did you mean "turns"\?/,
  ],
  [
    'an unknown fault',
    '{ "turns": [{ "said": "x", "faults": { "stal": {} } }] }',
    /^a\.json:1:40: unknown key "stal"\.$/,
    /Did you mean "stall"\?/,
  ],
  [
    'an unknown key after a tool',
    '{ "turns": [{ "tool": { "name": "a" }, "afterTool": { "sai": "x" } }] }',
    /^a\.json:1:55: unknown key "sai"\.$/,
    /Did you mean "sai[d]|say"\?/,
  ],
  ['no turns', '{ "voice": "tone" }', /^a\.json:1:1: "turns" is missing\.$/, /docs\/scenarios\.md/],
  ['an empty list of turns', '{ "turns": [] }', /^a\.json:1:12: "turns" is too small\.$/, /The minimum is 1/],
  [
    'an unknown voice',
    '{ "turns": [{ "said": "x" }], "voice": "opera" }',
    /^a\.json:1:40: "voice" has a value that is not allowed\.$/,
    /system, tone/,
  ],
  [
    'a wrong type',
    '{ "turns": [{ "said": 5 }] }',
    /^a\.json:1:23: "turns\.0\.said" has the wrong type\.$/,
    /of type string/,
  ],
  [
    'a negative delay',
    '{ "turns": [{ "said": "x", "delayMs": -1 }] }',
    /"turns\.0\.delayMs" is too small/,
    /The minimum is 0/,
  ],
  [
    'half a millisecond',
    '{ "turns": [{ "said": "x", "delayMs": 0.5 }] }',
    /"turns\.0\.delayMs" has the wrong type/,
    /a whole number/,
  ],
  [
    'a broken pattern',
    '{ "turns": [{ "when": "(", "said": "x" }] }',
    /^a\.json:1:23: "turns\.0\.when": Invalid regular expression/,
    /./,
  ],
  [
    'two ways to call',
    '{ "turns": [{ "tool": { "name": "a" }, "tools": [{ "name": "b" }] }] }',
    /tool and tools exclude each other/,
    /./,
  ],
  [
    'a continuation of nothing',
    '{ "turns": [{ "afterTool": { "said": "x" } }] }',
    /afterTool needs tool or tools/,
    /./,
  ],
  [
    'both order and pattern',
    '{ "turns": [{ "when": "a", "heard": "b" }] }',
    /when and heard exclude each other/,
    /./,
  ],
  ['broken JSON', '{ "turns": [ }', /^a\.json:1:14: this is not JSON: value expected\.$/, /./],
  ['an empty file', '', /^a\.json:1:1: this is not JSON: the file is empty\.$/, /./],
  ['something else', '[]', /^a\.json:1:1: the scenario has the wrong type\.$/, /of type object/],
  [
    'a prototype',
    '{ "turns": [{ "said": "x" }], "__proto__": { "repeat": true } }',
    /^a\.json:1:31: unknown key "__proto__"\.$/,
    /./,
  ],
])('%s is refused with its position', (_, text, message, hint) => {
  const parse = () => parseScenario(text, 'a.json');
  expect(parse).toThrow(VoxtermError);
  expect(parse).toThrow(message);
  expect(parse).toThrow(expect.objectContaining({ hint: expect.stringMatching(hint), exitCode: 2 }));
});

test('a missing file is reported in one sentence', async () => {
  await expect(loadScenario('/nowhere/s.json')).rejects.toMatchObject({
    message: 'There is no scenario file /nowhere/s.json.',
    exitCode: 2,
  });
});

test('a file in UTF-16 is read, and one in Latin-1 refused', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'voxterm-')), 's.json');
  await writeFile(path, Buffer.from('\uFEFF{ "turns": [{ "said": "Grüße" }] }', 'utf16le'));
  expect((await loadScenario(path)).turns[0]).toMatchObject({ said: 'Grüße' });
  await writeFile(path, Buffer.from('{ "turns": [{ "said": "Gr\xfc\xdfe" }] }', 'latin1'));
  await expect(loadScenario(path)).rejects.toMatchObject({
    message: `The scenario file ${path} is not UTF-8 text (line 1).`,
    exitCode: 2,
  });
});

test('docs/scenarios.md names every key', async () => {
  const text = await readFile(new URL('../../../docs/scenarios.md', import.meta.url), 'utf8');
  const turn = scenarioSchema.shape.turns.element.shape;
  const faults = turn.faults.unwrap().shape;
  const keys = [scenarioSchema.shape, turn, faults].flatMap((shape) => Object.keys(shape));
  const missing = keys.filter((key) => key !== '$schema' && !text.includes(`\`${key}\``));
  expect(missing).toEqual([]);
});
