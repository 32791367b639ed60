import { describe, expect, test } from 'vitest';
import type { ThinkRequest, Voice } from '../../../src/engines/core/stages.js';
import { record, SessionDriver } from '../session-driver.js';

/** A mind that says the same every time, and notes what it knows of the conversation. */
function reciting(text: string, voice?: Voice) {
  const requests: ThinkRequest[] = [];
  const driver = new SessionDriver({
    stages: {
      mind: {
        async *think(request) {
          requests.push(request);
          yield { type: 'say', text };
        },
      },
      ...(voice === undefined ? {} : { voice }),
    },
  });
  return {
    driver,
    truncate(audioEndMs: number): void {
      driver.send({
        type: 'conversation.item.truncate',
        item_id: driver.last('response.output_audio.delta').item_id,
        content_index: 0,
        audio_end_ms: audioEndMs,
      });
    },
    /** The first answer, as the mind remembers it when it is asked again. */
    async remembered(): Promise<string> {
      await driver.ask('go on');
      const cut = requests
        .at(-1)
        ?.items.find((entry) => entry.kind === 'message' && entry.role === 'assistant');
      if (cut?.kind !== 'message') throw new Error('the answer is gone');
      return cut.text;
    },
  };
}

/** Speaks each sentence for so long, whatever its words. */
function lasting(lengthsMs: Readonly<Record<string, number>>): Voice {
  return {
    async *speak(sentence) {
      const ms = lengthsMs[sentence.trim()];
      if (ms === undefined) throw new Error(`no length for "${sentence}"`);
      yield new Int16Array(ms * 24);
    },
  };
}

const twoSentences = 'One two. Three four five six seven eight nine ten.';
const uneven = lasting({ 'One two.': 3000, 'Three four five six seven eight nine ten.': 1000 });

describe('after an interruption the mind knows', () => {
  test('the words that were heard, and no others', async () => {
    const { driver, truncate, remembered } = reciting(
      'One two three four five six seven eight nine ten eleven twelve.',
    );
    await driver.ask('count');
    truncate(1600);
    const text = await remembered();
    expect(text).toMatch(/^One two three/);
    expect(text).not.toMatch(/seven/);
  });

  test.each([
    ['in the second sentence', 3500, 'One two. Three four five six'],
    ['where the second sentence begins', 3000, 'One two.'],
    ['in the first sentence, which takes most of the time', 2000, 'One'],
    ['at the end', 4000, twoSentences],
    ['at the beginning', 0, ''],
  ])('of an answer that was cut %s, what was heard by its own sound', async (_, audioEndMs, text) => {
    const { driver, truncate, remembered } = reciting(twoSentences, uneven);
    await driver.ask('count');
    truncate(audioEndMs);
    expect(await remembered()).toBe(text);
  });

  test('of an answer that was cut twice, what was heard in the end', async () => {
    const { driver, truncate, remembered } = reciting(twoSentences, uneven);
    await driver.ask('count');
    truncate(3500);
    truncate(3000);
    expect(await remembered()).toBe('One two.');
  });

  test('of an answer that was cancelled while it was spoken, the words of its sound', async () => {
    const { driver, truncate, remembered } = reciting(twoSentences, uneven);
    driver.type('count');
    driver.send({ type: 'response.create' });
    // 3.8 s of sound at five times real time.
    await driver.clock.advance(720);
    driver.send({ type: 'response.cancel' });
    truncate(3500);
    expect(await remembered()).toBe('One two. Three four five six');
  });

  test('of an answer whose sound is ahead of its words, only words that were sent', async () => {
    const text = 'One two three four five six seven eight nine ten.';
    const { driver, truncate, remembered } = reciting(text, lasting({ [text]: 600 }));
    driver.type('count');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(40);
    driver.send({ type: 'response.cancel' });
    const sent = driver.all('response.output_audio_transcript.delta').map(({ delta }) => delta);
    expect(sent.join('')).toBe('One two three four ');
    truncate(400);
    expect(await remembered()).toBe('One two three four');
  });
});

test('an answer that is cut while it is spoken tells all its words, and its item none', async () => {
  const { driver, truncate, remembered } = reciting(twoSentences, uneven);
  driver.type('count');
  driver.send({ type: 'response.create' });
  await driver.clock.advance(100);
  truncate(500);
  await driver.clock.advance(10_000);
  expect(driver.last('response.output_audio_transcript.done').transcript).toBe(twoSentences);
  expect(record(driver.last('response.output_item.done').item).content).toEqual([{ type: 'output_audio' }]);
  expect(await remembered()).toBe('');
});
