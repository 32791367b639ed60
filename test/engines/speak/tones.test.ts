import { describe, expect, test } from 'vitest';
import { chimeVoice, toneVoice } from '../../../src/engines/speak/tones.js';
import { rms, spoken } from './voice-samples.js';

describe('tones', () => {
  test('last as long as the words would take, shorter at higher speed', async () => {
    expect(await spoken(toneVoice, 'x'.repeat(100))).toHaveLength(24_000 * 6.5);
    expect(await spoken(toneVoice, 'x'.repeat(100), { speed: 1.25 })).toHaveLength(24_000 * 5.2);
    expect(await spoken(toneVoice, 'x')).toHaveLength(24_000 * 0.2);
  });

  test('begin and end without a click', async () => {
    for (const samples of [await spoken(toneVoice, 'Hello.'), await spoken(chimeVoice, 'Hello.')]) {
      expect(Math.abs(samples[0] ?? 1)).toBe(0);
      expect(Math.abs(samples.at(-1) ?? 9999)).toBeLessThan(50);
      expect(rms(samples)).toBeGreaterThan(500);
    }
  });

  test('rise for a question', async () => {
    expect(await spoken(chimeVoice, 'Hello?')).not.toEqual(await spoken(chimeVoice, 'Hello.'));
  });

  test('stop when aborted', async () => {
    expect(await spoken(toneVoice, 'Hello.', { signal: AbortSignal.abort() })).toHaveLength(0);
  });
});
