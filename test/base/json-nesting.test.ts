import { describe, expect, it } from 'vitest';
import { isNestedTooDeeply } from '../../src/base/json-nesting.js';

const nested = (levels: number, open: string, close: string) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

describe('isNestedTooDeeply', () => {
  it.each([
    ['{"a":', '}'],
    ['[', ']'],
    ['[{"a":[', ']}]'],
  ])('counts the levels of %s', (open, close) => {
    const each = open.replace(/[^[{]/g, '').length;
    expect(isNestedTooDeeply(nested(Math.floor(256 / each), open, close))).toBe(false);
    expect(isNestedTooDeeply(nested(257, open, close))).toBe(true);
    expect(isNestedTooDeeply(nested(100_000, open, close))).toBe(true);
  });

  it.each([
    ['brackets in a text', { a: '['.repeat(1000) }],
    ['brackets behind quotes in a text', { a: `"\\"${'{'.repeat(1000)}` }],
    ['levels beside each other', Array.from({ length: 1000 }, () => [{}])],
  ])('does not count %s', (_what, value) => {
    expect(isNestedTooDeeply(JSON.stringify(value))).toBe(false);
  });

  it('reads a long text at once', () => {
    const beganMs = performance.now();
    expect(isNestedTooDeeply(JSON.stringify({ a: 'x'.repeat(10_000_000) }))).toBe(false);
    expect(performance.now() - beganMs).toBeLessThan(2000);
  });
});
