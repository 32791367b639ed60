import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { SpeakAhead } from '../../../src/simulator/answering/speak-ahead.js';

/** A voice that notes when it is asked, and says one piece per sample of the sentence. */
function voice(log: string[]) {
  return async function* speak(name: string, samples = [1]): AsyncGenerator<Int16Array, void> {
    log.push(name);
    for (const sample of samples) yield Int16Array.of(sample);
  };
}

async function all(sound: AsyncIterable<Int16Array>): Promise<number[]> {
  const heard: number[] = [];
  for await (const piece of sound) heard.push(...piece);
  return heard;
}

describe('sentences ahead of the one that is spoken', () => {
  test('the first begins at once, each further one with the delivery of the one before it', async () => {
    const log: string[] = [];
    const speak = voice(log);
    const ahead = new SpeakAhead();
    const sounds = ['a', 'b', 'c'].map((name) => ahead.add(speak(name)));
    await breathe();
    expect(log).toEqual(['a']);
    const [first, second, third] = sounds.map((sound) => sound[Symbol.asyncIterator]());
    await first?.next();
    await breathe();
    expect(log).toEqual(['a', 'b']);
    await second?.next();
    await breathe();
    expect(log).toEqual(['a', 'b', 'c']);
    expect(await third?.next()).toMatchObject({ done: false });
  });

  test('a sentence that comes while one is delivered begins at once', async () => {
    const log: string[] = [];
    const speak = voice(log);
    const ahead = new SpeakAhead();
    await all(ahead.add(speak('a')));
    ahead.add(speak('b'));
    await breathe();
    expect(log).toEqual(['a', 'b']);
  });

  test('the sound is whole and in order, however it arrives', async () => {
    const ahead = new SpeakAhead();
    const slow = async function* (): AsyncGenerator<Int16Array, void> {
      for (let n = 0; n < 50; n += 1) {
        if (n % 7 === 0) await breathe();
        yield Int16Array.of(n);
      }
    };
    expect(await all(ahead.add(slow()))).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test('a voice that fails ahead fails when its sentence is due, not before', async () => {
    const log: string[] = [];
    const ahead = new SpeakAhead();
    const first = ahead.add(voice(log)('a'));
    const broken = ahead.add(
      (async function* (): AsyncGenerator<Int16Array, void> {
        await breathe();
        if (log.length > 0) throw new Error('out of breath');
        yield Int16Array.of(2);
      })(),
    );
    expect(await all(first)).toEqual([1]);
    await breathe();
    await expect(all(broken)).rejects.toThrow('out of breath');
  });

  test('the length of a sentence is known as soon as its voice has finished', async () => {
    const ahead = new SpeakAhead();
    const sound = ahead.add(
      (async function* (): AsyncGenerator<Int16Array, void> {
        yield new Int16Array(2400);
        await breathe();
        yield new Int16Array(2424);
      })(),
    );
    const reading = sound[Symbol.asyncIterator]();
    await reading.next();
    expect(sound.lengthMs).toBeUndefined();
    for (let n = 0; n < 5; n += 1) await breathe();
    expect(sound.lengthMs).toBe(201);
  });

  test('the length of a sentence that fails is never known', async () => {
    const sound = new SpeakAhead().add(
      // biome-ignore lint/correctness/useYield: it fails before its first sound
      (async function* (): AsyncGenerator<Int16Array, void> {
        throw new Error('out of breath');
      })(),
    );
    await expect(all(sound)).rejects.toThrow('out of breath');
    expect(sound.lengthMs).toBeUndefined();
  });

  test('it waits while nothing is read, and ends when the reader leaves', async () => {
    let said = 0;
    let ended = false;
    const endless = async function* (): AsyncGenerator<Int16Array, void> {
      try {
        for (;;) {
          said += 1;
          yield new Int16Array(24_000);
        }
      } finally {
        ended = true;
      }
    };
    const sound = new SpeakAhead().add(endless())[Symbol.asyncIterator]();
    for (let n = 0; n < 200; n += 1) await breathe();
    expect(said).toBeLessThan(30);
    await sound.next();
    await sound.return?.();
    await breathe();
    expect(ended).toBe(true);
  });
});
