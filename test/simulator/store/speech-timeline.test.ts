import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SpeechTimeline } from '../../../src/simulator/store/speech-timeline.js';

interface Spoken {
  readonly text: string;
  readonly ms: number;
}

function spoken(...sentences: readonly Spoken[]): SpeechTimeline {
  const timeline = new SpeechTimeline();
  for (const { text, ms } of sentences) {
    timeline.beginSentence(text);
    timeline.addText(text);
    timeline.addSound(ms);
    timeline.endSentence();
  }
  return timeline;
}

/** Ten characters, four words. The second sentence is spoken five times as slowly as the first. */
const first = { text: 'a bc de f. ', ms: 1000 };
const second = { text: 'A BC DE F.', ms: 5000 };

describe('a message of finished sentences', () => {
  const timeline = spoken(first, second);

  test('cut in the second sentence keeps all of the first, and the words that were over', () => {
    expect(timeline.textUntil(1000 + 2000)).toBe('a bc de f. A BC');
    expect(timeline.textUntil(1000 + 1999)).toBe('a bc de f. A');
    expect(timeline.textUntil(1000 + 500)).toBe('a bc de f. A');
    expect(timeline.textUntil(1000 + 499)).toBe('a bc de f.');
  });

  test('cut where a sentence begins keeps nothing of that sentence', () => {
    expect(timeline.textUntil(1000)).toBe('a bc de f.');
    expect(timeline.textUntil(999)).toBe('a bc de');
    expect(timeline.textUntil(0)).toBe('');
  });

  test('heard to its end is whole', () => {
    expect(timeline.textUntil(6000)).toBe('a bc de f. A BC DE F.');
    expect(timeline.textUntil(5999)).toBe('a bc de f. A BC DE');
  });

  test('counts a sentence that ends between two milliseconds as heard at the first of them', () => {
    const uneven = spoken({ text: 'One two. ', ms: 700.9 }, { text: 'Three.', ms: 300.3 });
    expect(uneven.textUntil(700)).toBe('One two.');
    expect(uneven.textUntil(699)).toBe('One');
    expect(uneven.textUntil(1001)).toBe('One two. Three.');
  });

  test('takes a sentence without sound along with the one before it', () => {
    const silent = spoken({ text: 'Look: ', ms: 500 }, { text: '``` ', ms: 0 }, { text: 'Done.', ms: 500 });
    expect(silent.textUntil(499)).toBe('');
    expect(silent.textUntil(500)).toBe('Look: ```');
    expect(silent.textUntil(1000)).toBe('Look: ``` Done.');
  });

  test('counts single characters where a script has no spaces', () => {
    const japanese = spoken({ text: '今日は晴れです。', ms: 800 }, { text: '明日は雨です。', ms: 700 });
    expect(japanese.textUntil(399)).toBe('今日は');
    expect(japanese.textUntil(800 + 200)).toBe('今日は晴れです。明日');
  });
});

describe('a sentence that is still being spoken', () => {
  /** Speaks the first sentence, and so much of the second. */
  function interrupted(sentText: string, sentMs: number): SpeechTimeline {
    const timeline = spoken(first);
    timeline.beginSentence(second.text);
    timeline.addText(sentText);
    timeline.addSound(sentMs);
    return timeline;
  }

  test('is measured by its whole length, where the voice has finished it', () => {
    const timeline = interrupted(second.text, 2000);
    timeline.expectLength(second.ms);
    expect(timeline.textUntil(3000)).toBe('a bc de f. A BC');
    expect(timeline.textUntil(2999)).toBe('a bc de f. A');
  });

  test('is measured at the pace of the sentences before it, where its length is not known', () => {
    const timeline = interrupted(second.text, 700);
    expect(timeline.textUntil(1000 + 400)).toBe('a bc de f. A BC');
    expect(timeline.textUntil(1000 + 399)).toBe('a bc de f. A');
    expect(timeline.textUntil(1000 + 700)).toBe('a bc de f. A BC DE');
  });

  test('is measured at the usual pace, where it is the first', () => {
    const timeline = new SpeechTimeline();
    timeline.beginSentence('One two three four five six.');
    timeline.addText('One two three four five six.');
    timeline.addSound(600);
    expect(timeline.textUntil(7 * 65)).toBe('One two');
    expect(timeline.textUntil(600)).toBe('One two');
    expect(timeline.textUntil(7 * 65 - 1)).toBe('One');
  });

  test('has no words that were not sent, however far its sound is', () => {
    const timeline = interrupted('A ', 4000);
    timeline.expectLength(4000);
    expect(timeline.textUntil(5000)).toBe('a bc de f. A');
  });
});

test('the more was heard, the more words; each sentence is whole exactly where the next one begins', () => {
  const sentences = fc.array(
    fc.record({
      text: fc
        .array(fc.constantFrom('a', 'the', 'house,', '雨', 'twenty-two', '😀'), { minLength: 1 })
        .map((words) => `${words.join(' ')}. `),
      ms: fc.integer({ min: 1, max: 10_000 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(sentences, fc.array(fc.integer({ min: 0, max: 60_000 })), (parts, cuts) => {
      const timeline = spoken(...parts);
      let ms = 0;
      let text = '';
      for (const part of parts) {
        ms += part.ms;
        text += part.text;
        expect(timeline.textUntil(ms)).toBe(text.trimEnd());
      }
      let before = '';
      for (const cut of cuts.sort((a, b) => a - b)) {
        const heard = timeline.textUntil(cut);
        expect(heard.startsWith(before)).toBe(true);
        before = heard;
      }
    }),
  );
});
