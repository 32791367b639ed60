import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitText, resultText } from '../../../src/tools/calls/result-text.js';

const circle: { self?: unknown } = {};
circle.self = circle;

describe('resultText', () => {
  it.each([
    ['text', 'It rains.', 'It rains.'],
    ['nothing', undefined, 'ok'],
    ['null', null, 'null'],
    ['a number', 4, '4'],
    ['an object', { a: [1, 'x'] }, '{"a":[1,"x"]}'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('writes %s', (_, value, text) => {
    expect(resultText(value)).toEqual({ ok: true, text });
  });

  it.each([
    ['a BigInt', { n: 1n }, 'it contains a BigInt'],
    ['a circle', circle, 'it has a circular reference or cannot be read'],
    ['bytes', new Uint8Array(3), 'it contains bytes'],
    ['bytes inside', { picture: [Buffer.from('x')] }, 'it contains bytes'],
    ['a Map', new Map([[1, 2]]), 'it contains a Map or a Set'],
    ['a promise inside', [Promise.resolve(1)], 'it contains a promise that was not awaited'],
    ['a function', () => 1, 'it is a function'],
    ['a symbol', Symbol('x'), 'it is a symbol'],
    [
      'an object that throws when it is read',
      {
        toJSON() {
          throw new Error('no');
        },
      },
      'it has a circular reference or cannot be read',
    ],
  ])('rejects %s with a reason', (_, value, problem) => {
    expect(resultText(value)).toEqual({ ok: false, problem });
  });
});

describe('limitText', () => {
  it('leaves text unchanged that fits exactly', () => {
    expect(limitText('ä'.repeat(50), 100)).toBe('ä'.repeat(50));
  });

  it('truncates longer text and marks it', () => {
    const cut = limitText('a'.repeat(200), 100);
    expect(cut).toMatch(/^a+\n\[truncated: the result has 200 bytes, the limit is 100\]$/);
    expect(Buffer.byteLength(cut)).toBe(100);
  });

  it('never exceeds the limit and never splits a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 40 }),
        fc.integer({ min: 80, max: 200 }),
        (text, max) => {
          const cut = limitText(text.repeat(3), max);
          expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
          expect(cut).not.toMatch(/\p{Surrogate}/u);
        },
      ),
    );
  });
});
