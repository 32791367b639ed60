import { describe, expect, it } from 'vitest';
import { rms } from '../../../src/audio/samples/samples.js';

describe('rms', () => {
  it('is 1 for a full-scale square, 0.707 for a sine, 0 for nothing', () => {
    expect(rms(Float32Array.of(1, -1, 1, -1))).toBe(1);
    expect(rms(Float32Array.from({ length: 1000 }, (_, n) => Math.sin(n / 10)))).toBeCloseTo(Math.SQRT1_2, 2);
    expect(rms(new Float32Array(0))).toBe(0);
  });
});
