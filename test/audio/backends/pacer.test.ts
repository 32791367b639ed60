import { describe, expect, it } from 'vitest';
import { Pacer } from '../../../src/audio/backends/pacer.js';

/** Runs the loop of a player on a clock of its own; returns how much was given. */
function feed(
  pacer: Pacer,
  fromMs: number,
  untilMs: number,
  sounding: boolean,
): { nowMs: number; givenMs: number } {
  let nowMs = fromMs;
  let givenMs = 0;
  while (nowMs < untilMs) {
    if (pacer.shouldWrite(sounding, 10, nowMs)) givenMs += 10;
    nowMs += pacer.waitMs(nowMs);
  }
  return { nowMs, givenMs };
}

describe('Pacer', () => {
  it('stays 60 ms ahead of the clock, never more', () => {
    expect(feed(new Pacer(), 0, 10_000, true).givenMs).toBe(10_060);
  });

  it('stops writing after half a second of silence and checks every 10 ms', () => {
    const pacer = new Pacer();
    const { nowMs } = feed(pacer, 0, 1000, true);
    const idle = feed(pacer, nowMs, nowMs + 5000, false);
    expect(idle.givenMs).toBe(500);
    expect(pacer.waitMs(idle.nowMs)).toBe(10);
  });

  it('starts again with the whole lead when sound comes', () => {
    const pacer = new Pacer();
    const { nowMs } = feed(pacer, 0, 3000, false);
    expect(feed(pacer, nowMs, nowMs + 100, true).givenMs).toBe(160);
  });

  it('does not catch up on what it missed', () => {
    const pacer = new Pacer();
    const { nowMs } = feed(pacer, 0, 1000, true);
    expect(feed(pacer, nowMs + 2000, nowMs + 2100, true).givenMs).toBe(160);
  });
});
