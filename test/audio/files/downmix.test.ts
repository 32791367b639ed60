import { describe, expect, it } from 'vitest';
import { Downmix } from '../../../src/audio/files/downmix.js';
import { rms } from '../../../src/audio/samples/samples.js';

const speech = Float32Array.from({ length: 16_000 }, (_, n) => 0.4 * Math.sin(n / 9) * Math.sin(n / 900));
const other = Float32Array.from({ length: 16_000 }, (_, n) => 0.3 * Math.sin(n / 31));
const silence = new Float32Array(16_000);
const negative = speech.map((sample) => -sample);

function mixed(planes: readonly Float32Array[], piece = 16_000): Float32Array {
  const mixer = new Downmix(planes.length);
  const parts: number[] = [];
  for (let at = 0; at < speech.length; at += piece) {
    parts.push(...mixer.mix(planes.map((plane) => plane.subarray(at, at + piece))));
  }
  return Float32Array.from(parts);
}

function loudness(samples: Float32Array): number {
  return rms(samples.subarray(1000)) / rms(speech.subarray(1000));
}

describe('the mix of channels', () => {
  it('is their mean', () => {
    const mono = mixed([speech, other]);
    speech.forEach((sample, n) => {
      expect(mono[n]).toBeCloseTo((sample + (other[n] ?? 0)) / 2, 6);
    });
  });

  it.each([1, 20, 700, 16_000])('keeps channels in opposite phase, in pieces of %i samples', (piece) => {
    expect(loudness(mixed([speech, negative], piece))).toBeCloseTo(1, 1);
  });

  it('keeps them also if silence comes first', () => {
    const late = Float32Array.from([...silence.subarray(0, 8000), ...speech.subarray(0, 8000)]);
    const opposite = late.map((sample) => -sample);
    const mono = new Downmix(2).mix([late, opposite]);
    expect(rms(mono.subarray(8600)) / rms(late.subarray(8600))).toBeCloseTo(1, 1);
  });

  it('leaves out the silent channels of many', () => {
    expect(loudness(mixed([silence, silence, speech, silence, silence, silence]))).toBeCloseTo(1, 1);
  });

  it('takes one channel of two at half its level, as a mean does', () => {
    expect(loudness(mixed([speech, silence]))).toBeCloseTo(0.5, 2);
  });

  it('has no steps where a channel is turned', () => {
    const mono = mixed([speech, negative], 64);
    const steps = mono.map((sample, n) => Math.abs(sample - (mono[n - 1] ?? sample)));
    expect(Math.max(...steps)).toBeLessThan(0.1);
  });
});
