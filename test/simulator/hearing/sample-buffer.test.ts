import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { SampleBuffer } from '../../../src/simulator/hearing/sample-buffer.js';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** The least of several looks: what is free already is given back a little later, on other threads. */
async function bytesInUse(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 5; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}

describe('SampleBuffer', () => {
  it('gives back what it was given, in pieces of any length', () => {
    const buffer = new SampleBuffer(100_000);
    const all = Int16Array.from({ length: 3000 }, (_, i) => i);
    for (let from = 0, length = 0; from < all.length; from += length, length = (length * 7 + 1) % 500) {
      buffer.append(all.subarray(from, from + length));
    }
    expect(buffer.end).toBe(3000);
    expect(buffer.take(1000)).toEqual(all.subarray(1000));
    expect(buffer.length).toBe(0);
  });

  it.each([0, 1])('needs little memory for 100,000 pieces of %i samples', async (length) => {
    const before = await bytesInUse();
    const buffer = new SampleBuffer(1_000_000);
    for (let i = 0; i < 100_000; i += 1) buffer.append(new Int16Array(length));
    expect((await bytesInUse()) - before).toBeLessThan(4_000_000);
    expect(buffer.length).toBe(100_000 * length);
  });
});
