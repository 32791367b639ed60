import { describe, expect, it } from 'vitest';
import { Approvals } from '../../../src/tools/approval/approvals.js';
import { fitsPattern } from '../../../src/tools/definition/name-pattern.js';

describe('a pattern', () => {
  it.each([
    ['files__read', 'files__read', true],
    ['files__read', 'files__*', true],
    ['files__', 'files__*', true],
    ['files_read', 'files__*', false],
    ['my_files__read', 'files__*', false],
    ['anything', '*', true],
    ['read_file', '*_file', true],
    ['read_files', '*_file', false],
    ['a_b_c', 'a*b*c', true],
    ['a_c_b', 'a*b*c', false],
    ['ab', 'ab*ab', false],
    ['aXbXb', 'a*b*b', true],
    ['ab', 'a*b*b', false],
    ['file.read', 'file?read', false],
    ['filexread', 'file.read', false],
  ])('%s and %s: %s', (name, pattern, fits) => {
    expect(fitsPattern(name, pattern)).toBe(fits);
  });
});

describe('Approvals', () => {
  it('remember what was allowed, but not for tools that ask every time', () => {
    const approvals = new Approvals();
    expect(approvals.of('pay', 'ask')).toBeUndefined();
    approvals.allow('pay');
    expect(approvals.of('pay', 'ask')).toBe('allowed');
    expect(approvals.of('pay', 'always')).toBeUndefined();
    expect(approvals.of('payback', 'ask')).toBeUndefined();
  });

  it('let tools that were allowed before the session run, even if they ask every time', () => {
    const approvals = new Approvals(['pay', 'files__*']);
    expect(approvals.of('pay', 'always')).toBe('allowed');
    expect(approvals.of('files__read', 'always')).toBe('allowed');
    expect(approvals.of('mail__send', 'always')).toBeUndefined();
  });

  it('remember a refusal, which overrides names allowed before, until it is allowed again', () => {
    const approvals = new Approvals(['pay']);
    approvals.refuse('pay', 'No money.');
    expect(approvals.of('pay', 'ask')).toEqual({ message: 'No money.' });
    expect(approvals.of('pay', 'always')).toEqual({ message: 'No money.' });
    approvals.allow('pay');
    expect(approvals.of('pay', 'ask')).toBe('allowed');
  });

  it('use the latest answer', () => {
    const approvals = new Approvals();
    approvals.allow('files__write');
    approvals.refuse('files__*', undefined);
    expect(approvals.of('files__write')).toEqual({ message: undefined });
    approvals.allow('files__write');
    expect(approvals.of('files__write')).toBe('allowed');
    expect(approvals.of('files__read')).toEqual({ message: undefined });
  });
});
