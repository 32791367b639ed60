import { describe, expect, it } from 'vitest';
import { Watchdog } from '../../src/audio/watchdog.js';

const both = { input: true, output: true };

/** Lets 200 ms steps pass; each step's counts come from `beat`, or nothing arrives. Returns the first reason. */
function watch(
  watchdog: Watchdog,
  untilMs: number,
  beat: (nowMs: number) => { framesRead: number; blocksWritten: number } | undefined,
): { nowMs: number; reason: string } | undefined {
  for (let nowMs = 200; nowMs <= untilMs; nowMs += 200) {
    const counts = beat(nowMs);
    if (counts !== undefined) watchdog.beat(counts, nowMs);
    const reason = watchdog.check(nowMs);
    if (reason !== undefined) return { nowMs, reason };
  }
  return undefined;
}

describe('Watchdog', () => {
  it('reports nothing while both counters move', () => {
    const beat = (nowMs: number) => ({ framesRead: nowMs / 20, blocksWritten: nowMs / 10 });
    expect(watch(new Watchdog(both, 0), 60_000, beat)).toBeUndefined();
  });

  it.each([
    ['the sound helper does not answer', () => undefined, 1200],
    ['the speaker takes nothing', (n: number) => ({ framesRead: n, blocksWritten: Math.min(n, 2000) }), 5200],
    [
      'the microphone delivers nothing',
      (n: number) => ({ framesRead: Math.min(n, 2000), blocksWritten: n }),
      3200,
    ],
  ])('notices in time that %s', (reason, beat, nowMs) => {
    expect(watch(new Watchdog(both, 0), 60_000, beat)).toEqual({ reason, nowMs });
  });

  it('accepts a speaker that takes two seconds of sound at once', () => {
    const gulps = (nowMs: number) => ({ framesRead: nowMs, blocksWritten: Math.floor(nowMs / 2200) * 200 });
    expect(watch(new Watchdog(both, 0), 60_000, gulps)).toBeUndefined();
  });

  it('gives a suspended microphone four seconds for its first frame', () => {
    const beat = (nowMs: number) => ({ framesRead: 0, blocksWritten: nowMs });
    expect(watch(new Watchdog(both, 0), 60_000, beat)?.nowMs).toBe(4200);
  });

  it('ignores a side that is not open', () => {
    const silent = (nowMs: number) => ({ framesRead: 0, blocksWritten: nowMs });
    expect(watch(new Watchdog({ input: false, output: true }, 0), 60_000, silent)).toBeUndefined();
    const deaf = (nowMs: number) => ({ framesRead: nowMs, blocksWritten: 0 });
    expect(watch(new Watchdog({ input: true, output: false }, 0), 60_000, deaf)).toBeUndefined();
  });

  it('does not blame the helper when the session itself was stalled', () => {
    const watchdog = new Watchdog(both, 0);
    watchdog.beat({ framesRead: 1, blocksWritten: 1 }, 100);
    expect(watchdog.check(200)).toBeUndefined();
    expect(watchdog.check(60_000)).toBeUndefined();
    watchdog.beat({ framesRead: 2, blocksWritten: 2 }, 60_010);
    expect(watchdog.check(60_200)).toBeUndefined();
    const later = [60_400, 60_600, 60_800, 61_000, 61_200];
    expect(later.map((nowMs) => watchdog.check(nowMs)).at(-1)).toBe('the sound helper does not answer');
  });
});
