import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeepAlive } from '../../../src/session/link/keep-alive.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const calledAtMs: number[] = [];
  const startMs = performance.now();
  const keepAlive = new KeepAlive(60_000, () => calledAtMs.push(performance.now() - startMs));
  return { keepAlive, calledAtMs };
}

describe('KeepAlive', () => {
  it('calls whenever nothing was sent for that long', () => {
    const { calledAtMs } = start();
    vi.advanceTimersByTime(59_999);
    expect(calledAtMs).toEqual([]);
    vi.advanceTimersByTime(120_001);
    expect(calledAtMs).toEqual([60_000, 120_000, 180_000]);
  });

  it('stays silent while something else is sent', () => {
    const { keepAlive, calledAtMs } = start();
    for (let second = 0; second < 300; second += 1) {
      vi.advanceTimersByTime(1000);
      keepAlive.sent();
    }
    expect(calledAtMs).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(calledAtMs).toEqual([360_000]);
  });

  it('is over when it is stopped', () => {
    const { keepAlive, calledAtMs } = start();
    keepAlive.stop();
    vi.advanceTimersByTime(300_000);
    expect(calledAtMs).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
