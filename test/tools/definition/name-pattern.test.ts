import { describe, expect, it } from 'vitest';
import { isAllowed } from '../../../src/tools/definition/name-pattern.js';

describe('isAllowed', () => {
  it.each<[string, string, boolean]>([
    ['read_file', 'read_file', true],
    ['read_file', 'read', false],
    ['read_file', 'read_*', true],
    ['read_file', '*', true],
    ['read_file', '*_file', true],
    ['read_file', 'r*d*e', true],
    ['read_file', 'r*x*e', false],
    ['aba', 'ab*ba', false],
    ['a.c', 'a.*', true],
    ['abc', 'a.*', false],
    ['read_file', 'read_*_file', false],
  ])('%s against %s: %s', (name, pattern, fits) => {
    expect(isAllowed(name, { allow: [pattern] })).toBe(fits);
    expect(isAllowed(name, { deny: [pattern] })).toBe(!fits);
  });

  it('lets deny override allow; an empty list allows nothing', () => {
    expect(isAllowed('a', { allow: ['a'], deny: ['*'] })).toBe(false);
    expect(isAllowed('a', { allow: [] })).toBe(false);
    expect(isAllowed('a', {})).toBe(true);
  });
});
