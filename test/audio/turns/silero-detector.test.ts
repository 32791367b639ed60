import { describe, expect, it } from 'vitest';
import type { VadEvent, VadOptions } from '../../../src/audio/turns/energy-vad.js';
import type { SileroNetwork } from '../../../src/audio/turns/silero.js';
import { SileroDetector } from '../../../src/audio/turns/silero-detector.js';

/** As sure of itself as the real one, and as late: a window is speech when the one before it was loud. */
const network: SileroNetwork = () => {
  let before = false;
  return {
    hear: (window) => {
      const speech = before;
      before = window.some((sample) => Math.abs(sample) > 0.1);
      return speech;
    },
    reset: () => {
      before = false;
    },
  };
};

function sound(rateHz: number, ...parts: readonly (readonly [ms: number, loud: boolean])[]): Int16Array {
  return Int16Array.from(
    parts.flatMap(([ms, loud]) => Array<number>((ms * rateHz) / 1000).fill(loud ? 10_000 : 0)),
  );
}

function events(pcm: Int16Array, options: VadOptions, chunk = 480): VadEvent[] {
  const detector = new SileroDetector(network, options);
  const all: VadEvent[] = [];
  for (let at = 0; at < pcm.length; at += chunk) all.push(...detector.push(pcm.subarray(at, at + chunk)));
  return [...all, ...detector.flush()];
}

describe('turns out of windows', () => {
  it.each([16_000, 24_000, 48_000])('places them on the input at %i Hz', (rateHz) => {
    const pcm = sound(rateHz, [1000, false], [1000, true], [1000, false]);
    const ms = (samples: number): number => (samples * 1000) / rateHz;
    const [start, stop, ...more] = events(pcm, { rateHz, silenceMs: 500, prefixPaddingMs: 200 });
    expect(more).toEqual([]);
    if (start?.type !== 'start' || stop?.type !== 'stop') throw new Error('no turn');
    expect(Math.abs(ms(start.speechSample) - 1000)).toBeLessThan(40);
    expect(ms(start.speechSample - start.sample)).toBeCloseTo(200, 0);
    expect(Math.abs(ms(stop.speechSample) - 2000)).toBeLessThan(40);
    expect(ms(stop.sample)).toBeGreaterThanOrEqual(2490);
    expect(ms(stop.sample)).toBeLessThan(2600);
  });

  it('does not depend on how the sound is cut', () => {
    const rateHz = 24_000;
    const pcm = sound(rateHz, [500, false], [800, true], [700, false], [300, true], [900, false]);
    const whole = events(pcm, { rateHz }, pcm.length);
    expect(whole.map(({ type }) => type)).toEqual(['start', 'stop', 'start', 'stop']);
    expect(events(pcm, { rateHz }, 333)).toEqual(whole);
  });

  it('ignores a sound shorter than speech, and a short pause', () => {
    const rateHz = 16_000;
    expect(events(sound(rateHz, [500, false], [60, true], [900, false]), { rateHz })).toEqual([]);
    const paused = sound(rateHz, [300, false], [500, true], [300, false], [500, true], [900, false]);
    expect(events(paused, { rateHz }).map(({ type }) => type)).toEqual(['start', 'stop']);
  });

  it('closes an open turn when the input ends, and forgets it when told to', () => {
    const rateHz = 16_000;
    const pcm = sound(rateHz, [300, false], [600, true]);
    const detector = new SileroDetector(network, { rateHz });
    expect(detector.push(pcm).map(({ type }) => type)).toEqual(['start']);
    expect(detector.speaking).toBe(true);
    expect(detector.flush()).toMatchObject([{ type: 'stop', sample: pcm.length }]);
    detector.push(sound(rateHz, [600, true]));
    detector.reset();
    expect(detector.speaking).toBe(false);
    expect(detector.flush()).toEqual([]);
    // Padding never reaches back into what was forgotten.
    const [start] = detector.push(sound(rateHz, [400, true]));
    expect(start?.sample).toBeGreaterThanOrEqual(pcm.length + 9600);
  });
});
