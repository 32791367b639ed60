import { expect, test } from 'vitest';
import {
  type AudioFormat,
  decodeAudio,
  encodeAudio,
  pcm24k,
  rateOf,
} from '../../../src/engines/core/audio-format.js';

const everySample = Int16Array.from({ length: 65_536 }, (_, n) => n - 32_768);

function roundTrip(samples: Int16Array, format: AudioFormat): Int16Array {
  return decodeAudio(Buffer.from(encodeAudio(samples, format), 'base64'), format);
}

test('PCM16 comes back bit by bit, and half a sample is dropped', () => {
  expect(roundTrip(everySample, pcm24k)).toEqual(everySample);
  expect(decodeAudio(Buffer.from([1, 2, 3]), pcm24k)).toEqual(Int16Array.of(0x0201));
});

test.each(['audio/pcmu', 'audio/pcma'] as const)('%s: every code is its own value', (type) => {
  const codes = Buffer.from(Array.from({ length: 256 }, (_, code) => code));
  const values = decodeAudio(codes, { type });
  const again = decodeAudio(Buffer.from(encodeAudio(values, { type }), 'base64'), { type });
  expect(again).toEqual(values);
  expect(rateOf({ type })).toBe(8000);
});

test.each(['audio/pcmu', 'audio/pcma'] as const)(
  '%s: no sample is further off than half its step',
  (type) => {
    const back = roundTrip(everySample, { type });
    for (const [index, sample] of everySample.entries()) {
      const error = Math.abs((back[index] ?? 0) - sample);
      // Steps double with every factor of two, counted from 132 (µ-law's bias); the ends are clipped.
      const clipped = Math.abs(sample) > 32_124 ? 644 : 0;
      const allowed = Math.max(8, (Math.abs(sample) + 132) / 30) + clipped;
      if (error > allowed) throw new Error(`${sample} came back as ${back[index]}`);
    }
  },
);
