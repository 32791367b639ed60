import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SoundEvent } from '../../src/audio/sound.js';
import { VirtualSound } from '../../src/audio/virtual-sound.js';

const part = { itemId: 'a', contentIndex: 0 };
const rateHz = 24_000;
const second = () => Uint8Array.from({ length: rateHz * 2 }, (_, i) => i % 251);

function open(pace: 'instant' | 'realtime') {
  const events: SoundEvent[] = [];
  const rendered: number[] = [];
  const sound = new VirtualSound({
    outputRateHz: rateHz,
    pace,
    onRendered: (pcm) => rendered.push(...pcm),
    now: () => Date.now(),
  });
  sound.onEvent = (event) => events.push(event);
  return { sound, events, rendered };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('VirtualSound', () => {
  it('instant: everything is heard as it arrives, and nothing is left to clear', () => {
    const { sound, events, rendered } = open('instant');
    sound.play(part, second());
    expect(rendered).toEqual([...second()]);
    sound.clear(1);
    expect(events.at(-1)).toEqual({ type: 'cleared', epoch: 1, parts: [{ ...part, samples: rateHz }] });
  });

  it('realtime: renders by the clock, in order, to the last sample', () => {
    const { sound, events, rendered } = open('realtime');
    sound.play(part, second());
    vi.advanceTimersByTime(500);
    expect(rendered.length / 2 / rateHz).toBeCloseTo(0.5, 1);
    vi.advanceTimersByTime(600);
    expect(rendered).toEqual([...second()]);
    expect(events.at(-1)).toEqual({ type: 'drained' });
  });

  it('realtime: a clear says what was rendered until now and drops the rest', () => {
    const { sound, events, rendered } = open('realtime');
    sound.play(part, second());
    vi.advanceTimersByTime(250);
    sound.clear(7);
    expect(events.at(-1)).toMatchObject({
      type: 'cleared',
      epoch: 7,
      parts: [{ ...part, samples: rateHz / 4 }],
    });
    const until = rendered.length;
    vi.advanceTimersByTime(2000);
    expect(rendered).toHaveLength(until);
  });

  it('realtime: starts again after a pause without making up for it', () => {
    const { sound, rendered } = open('realtime');
    sound.play(part, second().subarray(0, 960));
    vi.advanceTimersByTime(5000);
    sound.play(part, second());
    vi.advanceTimersByTime(100);
    expect(rendered.length / 2 / rateHz).toBeLessThan(0.15);
  });

  it('may be closed twice and leaves no timer', async () => {
    const { sound } = open('realtime');
    sound.play(part, second());
    await sound.close();
    await sound.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
