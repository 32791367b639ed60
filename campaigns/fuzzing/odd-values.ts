import type { Random } from '../../src/testing/contract/random.js';

/** Values that readers forget: empty, huge, of another type, with a meaning in JavaScript. */
const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  0.5,
  1e308,
  2 ** 31,
  2 ** 53,
  '',
  ' ',
  '0',
  'null',
  '__proto__',
  'constructor',
  'toString',
  '\ud800',
  '\0',
  '\u202e',
  '\u001b]0;title\u0007',
  'A'.repeat(5000),
  [],
  [[]],
  {},
  { length: 1e9 },
  { toString: 1, valueOf: 1 },
  JSON.parse('{"then":1}'),
];

export function oddValue(random: Random): unknown {
  return random.below(4) === 0 ? random.json() : random.pick(oddValues);
}

/** JSON that `JSON.stringify` never makes. */
export function oddJson(random: Random): string {
  const depth = 1 + random.below(3000);
  return random.pick([
    '['.repeat(depth) + ']'.repeat(depth),
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    '1e999',
    '-1e999',
    '1'.repeat(400),
    '{"a":1,"a":2}',
    '{"__proto__":{"type":"x"}}',
    '"\\ud800"',
    '"\\u0000"',
  ]);
}
