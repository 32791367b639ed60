import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { wavHeader } from '../../../src/audio/files/wav/wav-layout.js';
import type { SpeakEngine } from '../../../src/engines/core/engine-config.js';
import type { SpeakOptions } from '../../../src/engines/core/stages.js';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { SpeechVoice } from '../../../src/engines/speak/speech-voice.js';
import { aiff } from '../../audio/files/aiff-bytes.js';
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

describe('what the engine answers with, whatever it says that it is', () => {
  const fixture = (name: string): Buffer =>
    readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url));
  const withTag = fixture('question.mp3');
  const mp3 = withTag.subarray(10 + (withTag[9] ?? 0));
  const labels = ['audio/pcm', 'audio/wav', 'application/octet-stream', '', 'audio/mpeg'];

  test.each(
    labels.flatMap((label) => [
      ['MP3', label, mp3],
      ['FLAC', label, fixture('question.flac')],
      ['Ogg Opus', label, fixture('question.opus')],
      ['M4A', label, fixture('question.m4a')],
      ['AIFF', label, aiff(tonePcm(1000, 16_000), 16_000)],
    ]) satisfies [string, string, Buffer][],
  )('%s labelled "%s" is decoded', async (_name, label, bytes) => {
    const { speak } = await speaking(stream(label, [bytes.subarray(0, 300), bytes.subarray(300)]));
    const heard = await speak();
    expect(heard.length / 24_000).toBeGreaterThan(0.95);
    expect(heard.length / 24_000).toBeLessThan(2.8);
    // Noise would be at -5 dBFS: 18,000.
    const loudness = Math.sqrt(heard.reduce((sum, sample) => sum + sample ** 2, 0) / heard.length);
    expect(loudness).toBeGreaterThan(300);
    expect(loudness).toBeLessThan(12_000);
  });

  test('samples that begin like a frame of MP3 are samples', async () => {
    const pcm = Buffer.concat([mp3.subarray(0, 4), Buffer.from(tonePcm(500))]);
    const { speak } = await speaking(stream('audio/pcm', [pcm]));
    expect(await speak()).toEqual(samplesIn(pcm));
  });

  test.each([
    [
      'JSON as audio/pcm',
      'audio/pcm',
      '{"detail":"voice not found"}',
      /JSON instead of sound: voice not found/,
    ],
    ['JSON with sound in it', 'application/json', '{"audio":"AAAA"}', /JSON instead of sound\./],
    [
      'a web page',
      'application/octet-stream',
      '<html><body>502</body></html>',
      /a web page instead of sound\./,
    ],
    ['words', '', 'model is loading', /text instead of sound: model is loading/],
    [
      'events',
      'text/event-stream',
      'data: {"type":"speech.audio.delta","audio":"AAAA"}\n\n',
      /a stream of events instead of sound\./,
    ],
    [
      'events with an error',
      'audio/pcm',
      'data: {"error":{"message":"no credit"}}\n\n',
      /events .*: no credit/,
    ],
    ['a picture', 'image/png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', /a picture instead of plain sound/],
    ['a ZIP archive', 'audio/pcm', 'PK\x03\x04\x14\0\0\0\b\0\0\0', /a ZIP archive .*instead of plain sound/],
    [
      'a damaged FLAC',
      'audio/pcm',
      `fLaC${'\x91'.repeat(300)}`,
      /FLAC instead of plain sound.*cannot be decoded/,
    ],
  ])('%s is refused in words', async (_name, label, text, message) => {
    const { speak } = await speaking(stream(label, [Buffer.from(text, 'latin1')]));
    await expect(speak()).rejects.toThrow(message);
  });

  test.each([
    ['audio/basic', 0xff, 0],
    ['audio/x-mulaw', 0x00, -32_124],
    ['audio/x-alaw-basic', 0xaa, 32_256],
  ])('%s is telephone sound of 8 kHz', async (label, byte, sample) => {
    const { speak } = await speaking(stream(label, [Buffer.alloc(8000, byte)]));
    const heard = await speak();
    expect(heard).toHaveLength(24_000);
    expect(Math.abs((heard[12_000] ?? 0) - sample)).toBeLessThan(20);
  });

  const pieces = [0, 1, 2, 3].map((n) => tonePcm(1000).subarray(n * 12_000, n * 12_000 + 12_000));
  const head = (bytes: number): Uint8Array => wavHeader({ rateHz: 24_000, channels: 1 }, bytes);
  test.each([
    ['one whole WAV per chunk', pieces.map((piece) => Buffer.concat([head(piece.length), piece]))],
    ['a header sized for the first chunk', [head(12_000), ...pieces]],
    ['a header, then a whole WAV', [head(0xffff_ffff), Buffer.concat([head(48_000), ...pieces])]],
    ['a made-up size', [head(2_000_000_000), ...pieces]],
  ])('%s plays whole', async (_name, chunks) => {
    const { speak } = await speaking(stream('audio/wav', chunks, 5));
    expect(await speak()).toEqual(samplesIn(tonePcm(1000)));
  });
});
