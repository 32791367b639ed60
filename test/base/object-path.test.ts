import { expect, it } from 'vitest';
import { valueAt, withoutValue } from '../../src/base/object-path.js';

const settings = { voice: 'a', turns: { kind: 'server', silence: 5 } };

it('finds what stands at a path, and only what an object has itself', () => {
  expect(valueAt(settings, ['turns', 'silence'])).toBe(5);
  expect(valueAt(settings, ['turns', 'silence', 'more'])).toBeUndefined();
  expect(valueAt(settings, ['constructor'])).toBeUndefined();
});

it('leaves a value out while it is the same, and nothing else', () => {
  expect(withoutValue(settings, ['turns', 'silence'], '5')).toEqual({
    voice: 'a',
    turns: { kind: 'server' },
  });
  expect(withoutValue(settings, ['turns', 'silence'], '6')).toBe(settings);
  expect(withoutValue(settings, ['absent', 'silence'], '5')).toBe(settings);
  expect(settings.turns.silence).toBe(5);
});
