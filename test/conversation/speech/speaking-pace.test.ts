import { expect, test } from 'vitest';
import { lettersIn, SpeakingPace } from '../../../src/conversation/speech/speaking-pace.js';

test('a syllable counts as three letters', () => {
  expect(lettersIn('abc d')).toBe(5);
  expect(lettersIn('天気')).toBe(6);
  expect(lettersIn('')).toBe(0);
});

test('a voice nobody has heard yet speaks as most do', () => {
  expect(new SpeakingPace(24_000).lettersIn(24_000)).toBe(14);
});

test('a slow voice is learned from what it said', () => {
  const pace = new SpeakingPace(24_000);
  for (let answer = 0; answer < 10; answer += 1) pace.learn('a'.repeat(80), 10 * 24_000);
  expect(pace.lettersIn(24_000)).toBeGreaterThan(8);
  expect(pace.lettersIn(24_000)).toBeLessThan(8.3);
});
