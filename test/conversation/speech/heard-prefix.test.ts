import { describe, expect, test } from 'vitest';
import { heardPrefix } from '../../../src/conversation/speech/heard-prefix.js';
import { SpeakingPace } from '../../../src/conversation/speech/speaking-pace.js';

const rateHz = 1000;
const text = 'one two three four five';

function heard(samples: number, received: number, ended: boolean): string {
  return heardPrefix(text, { heard: samples, received, ended }, new SpeakingPace(rateHz));
}

describe('all the sound has arrived', () => {
  test('the share of the sound is the share of the words, whole words only', () => {
    expect(heard(0, 2300, true)).toBe('');
    expect(heard(250, 2300, true)).toBe('');
    expect(heard(300, 2300, true)).toBe('one');
    expect(heard(1200, 2300, true)).toBe('one two');
    expect(heard(1300, 2300, true)).toBe('one two three');
    expect(heard(2299, 2300, true)).toBe('one two three four');
    expect(heard(2300, 2300, true)).toBe(text);
  });

  test('nothing received, nothing said', () => {
    expect(heard(100, 0, true)).toBe('');
  });
});

describe('more sound was to come', () => {
  test('everything received was heard, but that is not everything written', () => {
    expect(heard(600, 600, false)).toBe('one two');
  });

  test('words that lag behind the sound are not claimed before their time', () => {
    expect(heard(1000, 10_000, false)).toBe('');
  });
});

test('characters that are syllables take their time', () => {
  const pace = new SpeakingPace(rateHz);
  const spoken = { heard: 1000, received: 1000, ended: false };
  expect(heardPrefix('今日はとても良い天気ですね', spoken, pace).length).toBeLessThanOrEqual(5);
});

test('surrogates and empty texts are no trouble', () => {
  const pace = new SpeakingPace(rateHz);
  const spoken = { heard: 500, received: 1000, ended: true };
  expect(heardPrefix('', spoken, pace)).toBe('');
  expect(heardPrefix('\ud800', spoken, pace)).toBe('');
  expect('👩‍👩‍👧 family'.startsWith(heardPrefix('👩‍👩‍👧 family', spoken, pace))).toBe(true);
});
