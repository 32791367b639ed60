import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler } from '../../../src/audio/samples/resample.js';

const rates = [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
const pairs = rates.flatMap((from) =>
  rates.filter((to) => to !== from).map((to): [number, number] => [from, to]),
);

function sine(hz: number, rateHz: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / rateHz));
}

function convert(input: Float32Array, fromHz: number, toHz: number): Float32Array {
  const resampler = new Resampler(fromHz, toHz);
  return joined([resampler.process(input), resampler.flush()]);
}

function joined(chunks: Float32Array[]): Float32Array {
  const all = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function decibels(signal: number, noise: number): number {
  return 10 * Math.log10(signal / noise);
}

function energy(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

describe('Resampler', () => {
  it.each(pairs)('keeps a tone from %i to %i Hz with 85 dB or more', (from, to) => {
    const hz = 0.3 * Math.min(from, to);
    const output = convert(sine(hz, from, from / 5), from, to);
    const wanted = sine(hz, to, output.length);
    // The first and last hundredth of a second look at the silence around the tone.
    const [start, end] = [Math.round(to / 100), output.length - Math.round(to / 100)];
    const error = output.map((sample, n) => sample - (wanted[n] as number)).subarray(start, end);
    expect(decibels(energy(wanted.subarray(start, end)), energy(error))).toBeGreaterThan(85);
  });

  it.each(pairs.filter(([from, to]) => from > to))('aliases nothing from %i to %i Hz', (from, to) => {
    const tone = sine((to / 2) * 1.01 + 20, from, from / 5);
    const output = convert(tone, from, to);
    const inner = output.subarray(Math.round(to / 50), output.length - Math.round(to / 50));
    expect(decibels(energy(tone) / tone.length, energy(inner) / inner.length)).toBeGreaterThan(80);
  });

  it.each(pairs.filter(([from, to]) => from < to))('adds no image from %i to %i Hz', (from, to) => {
    const hz = 0.4 * from;
    const output = convert(sine(hz, from, from / 5), from, to);
    const wanted = sine(hz, to, output.length);
    const [start, end] = [Math.round(to / 50), output.length - Math.round(to / 50)];
    const error = output.map((sample, n) => sample - (wanted[n] as number)).subarray(start, end);
    expect(decibels(energy(wanted.subarray(start, end)), energy(error))).toBeGreaterThan(80);
  });

  it('gives the same bits for every chunking', () => {
    const chunkings = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...pairs), chunkings, ([from, to], lengths) => {
        const input = sine(
          440,
          from,
          lengths.reduce((sum, length) => sum + length, 0),
        );
        const resampler = new Resampler(from, to);
        const chunks: Float32Array[] = [];
        let at = 0;
        for (const length of lengths) {
          chunks.push(resampler.process(input.subarray(at, at + length)));
          at += length;
        }
        chunks.push(resampler.flush());
        expect(joined(chunks)).toEqual(convert(input, from, to));
      }),
      { numRuns: 150 },
    );
  });

  it('delivers exactly as long a sound as it was given, with its tail', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pairs), fc.integer({ min: 0, max: 3000 }), ([from, to], samples) => {
        expect(convert(new Float32Array(samples), from, to).length).toBe(Math.ceil((samples * to) / from));
      }),
    );
  });

  it('starts over after a flush', () => {
    const resampler = new Resampler(44_100, 24_000);
    const input = sine(700, 44_100, 1000);
    const first = joined([resampler.process(input), resampler.flush()]);
    expect(joined([resampler.process(input), resampler.flush()])).toEqual(first);
  });

  it('returns equal rates unchanged', () => {
    const resampler = new Resampler(24_000, 24_000);
    const input = sine(1000, 24_000, 777);
    expect(resampler.process(input)).toEqual(input);
    expect(resampler.flush()).toHaveLength(0);
  });

  it('keeps a constant constant', () => {
    const output = convert(new Float32Array(4000).fill(0.25), 16_000, 44_100);
    for (const sample of output.subarray(300, output.length - 300)) expect(sample).toBeCloseTo(0.25, 6);
  });

  it.each([0, -1, 44_100.5, Number.NaN])('refuses %d as a rate', (rate) => {
    expect(() => new Resampler(rate, 24_000)).toThrow(RangeError);
  });
});
