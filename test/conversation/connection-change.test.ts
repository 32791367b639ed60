import { describe, expect, test } from 'vitest';
import { ConnectionChange } from '../../src/conversation/connection-change.js';

describe('when to change to a new connection', () => {
  test('never, where nothing is known of an end', () => {
    expect(new ConnectionChange().wanted(1e9)).toBe('no');
  });

  test('within the last minute as soon as it is quiet, and just before the end in any case', () => {
    const change = new ConnectionChange();
    change.expect(1000, 600_000);
    expect([540_999, 541_000, 597_999, 598_000].map((atMs) => change.wanted(atMs))).toEqual([
      'no',
      'quiet',
      'quiet',
      'now',
    ]);
  });

  test('from the announcement on, and never later than was known before', () => {
    const change = new ConnectionChange();
    change.announce(0, 10_000);
    expect([0, 6999, 7000].map((atMs) => change.wanted(atMs))).toEqual(['quiet', 'quiet', 'now']);
    change.announce(5000, 60_000);
    expect(change.wanted(7000)).toBe('now');
  });

  test.each([0, -5, Number.NaN])('at once, where %s ms are left', (timeLeftMs) => {
    const change = new ConnectionChange();
    change.announce(10, timeLeftMs);
    expect(change.wanted(10)).toBe('now');
  });

  test('and then not again', () => {
    const change = new ConnectionChange();
    change.announce(0, 0);
    change.done();
    expect(change.wanted(1e9)).toBe('no');
  });
});
