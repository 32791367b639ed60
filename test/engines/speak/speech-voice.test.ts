import { describe, expect, test } from 'vitest';
import { wavHeader } from '../../../src/audio/files/wav-layout.js';
import type { SpeakEngine } from '../../../src/engines/core/engine-config.js';
import type { SpeakOptions } from '../../../src/engines/core/stages.js';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { SpeechVoice } from '../../../src/engines/speak/speech-voice.js';
import { type Behaviour, bodyOf, broken, FakeEngines, json, page, stream, tonePcm } from '../fake-engines.js';

const path = '/v1/audio/speech';

async function speaking(
  behaviour: Behaviour,
  engine: Partial<SpeakEngine> = {},
): Promise<{ fake: FakeEngines; speak: (more?: Partial<SpeakOptions>) => Promise<Int16Array> }> {
  const fake = await FakeEngines.start({ [path]: behaviour });
  const speakEngine = { url: fake.url, timeoutMs: 2000, ...engine };
  const client = new EngineClient(engineAddress('speak', speakEngine, { env: {} }));
  const voice = new SpeechVoice(client, speakEngine, { defaultVoice: (name) => name === 'marin' });
  const options = { voice: 'marin', speed: 1, language: undefined, toneHz: undefined };
  const speak = async (more: Partial<SpeakOptions> = {}): Promise<Int16Array> => {
    const { signal } = new AbortController();
    const heard: number[] = [];
    for await (const piece of voice.speak('Good day.', { ...options, signal, ...more })) heard.push(...piece);
    return Int16Array.from(heard);
  };
  return { fake, speak };
}

function samplesIn(pcm: Uint8Array): Int16Array {
  return new Int16Array(pcm.slice().buffer);
}

describe('speaking', () => {
  test('asks for PCM with model and voice, and hands it on as it is, wherever it was cut', async () => {
    const pcm = tonePcm(100);
    const pieces = [pcm.subarray(0, 3), pcm.subarray(3, 4), pcm.subarray(4, 1001), pcm.subarray(1001)];
    const { fake, speak } = await speaking(stream('audio/pcm', pieces, 5), {
      model: 'kokoro',
      voice: 'af_heart',
    });
    expect(await speak()).toEqual(samplesIn(pcm));
    const bodies = fake.to(path).map(bodyOf);
    expect(bodies).toEqual([
      { model: 'kokoro', voice: 'af_heart', input: 'Good day.', response_format: 'pcm' },
    ]);
  });

  test('the chosen voice replaces the configured one; the speed is sent only when it is not 1', async () => {
    const { fake, speak } = await speaking(stream('audio/pcm', [tonePcm(20)]), { voice: 'af_heart' });
    await speak({ voice: 'am_adam', speed: 1.25 });
    expect(fake.to(path).map(bodyOf)).toMatchObject([{ voice: 'am_adam', speed: 1.25 }]);
  });

  test('other rates are converted: named for PCM, read from WAV, also where PCM was asked for', async () => {
    const slow = tonePcm(200, 16_000);
    const { fake, speak } = await speaking(stream('audio/pcm', [slow]), { rateHz: 16_000 });
    expect((await speak()).length).toBe(4800);
    const wav = [wavHeader({ rateHz: 22_050, channels: 1 }, 8820), tonePcm(200, 22_050)];
    fake.on(path, stream('audio/wav', wav));
    expect((await speak()).length).toBe(4800);
  });

  test('a single last byte is dropped', async () => {
    const { speak } = await speaking(stream('audio/pcm', [Uint8Array.of(1, 0, 7)]));
    expect(await speak()).toEqual(Int16Array.of(1));
  });

  test('the first sound is there before the last has been made', async () => {
    const { fake, speak } = await speaking(stream('audio/pcm', Array<Uint8Array>(40).fill(tonePcm(20)), 10));
    const begun = performance.now();
    const stop = new AbortController();
    const work = speak({ signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    expect((await work).length).toBeGreaterThan(480);
    expect(performance.now() - begun).toBeLessThan(350);
    await expect.poll(() => fake.to(path)[0]?.gone).toBe(true);
  });

  test.each([
    ['MP3', stream('audio/mpeg', ['ID3\u0004rest of it']), /MP3 instead of plain sound.*"wav"/],
    [
      'MP3 without a tag',
      stream('audio/mpeg', [Uint8Array.of(255, 251, 144, 0, 1, 2, 3, 4, 5, 6, 7, 8)]),
      /MP3/,
    ],
    ['Ogg', stream('audio/ogg', ['OggS00000000']), /Ogg/],
    ['nothing', stream('audio/pcm', []), /without sound.*speak\.voice/],
    ['a web page', page(200), /instead of sound/],
    ['JSON', json(200, { ok: true }), /instead of sound/],
    [
      'an unknown voice',
      json(400, { detail: { message: "Voice 'x' not found" } }),
      /refused the request \(400\): Voice 'x' not found/,
    ],
    ['a broken connection', broken('audio/pcm', tonePcm(20)), /broke off/],
    ['a broken WAV', stream('audio/wav', ['RIFF1234WAVEdata']), /WAV|RIFF|sound/],
  ] satisfies [string, Behaviour, RegExp][])('%s fails with a reason', async (_name, behaviour, message) => {
    const { speak } = await speaking(behaviour);
    await expect(speak()).rejects.toThrow(message);
  });
});
