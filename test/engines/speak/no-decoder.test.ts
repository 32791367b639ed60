import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { probe } from '../../../src/engines/probe.js';
import { SpeechVoice } from '../../../src/engines/speak/speech-voice.js';
import { FakeEngines, stream } from '../fake-engines.js';

vi.mock('audio-decode', () => {
  throw new Error('Cannot find package');
});

const mp3 = readFileSync(new URL('../../fixtures/audio/question.mp3', import.meta.url)).subarray(45);
const nothingOnPath = { PATH: '/nowhere' };
const refusal = /answered with MP3 instead of plain sound/;
const advice = /format to "wav", or install a decoder: .*audio-decode.*ffmpeg/;

test('without a decoder, MP3 under any label is refused with what to do, in a conversation and by doctor', async () => {
  const fake = await FakeEngines.start({ '/v1/audio/speech': stream('audio/pcm', [mp3]) });
  const engine = { url: fake.url };
  const client = new EngineClient(engineAddress('speak', engine, { env: {} }));
  const voice = new SpeechVoice(client, engine, { defaultVoice: () => true, env: nothingOnPath });
  const { signal } = new AbortController();
  const options = { voice: 'marin', speed: 1, language: undefined, toneHz: undefined, signal };
  const failure = await voice
    .speak('Hello.', options)
    .next()
    .catch((error: unknown) => error);
  expect(failure).toHaveProperty('message', expect.stringMatching(refusal));
  expect(failure).toHaveProperty('message', expect.stringMatching(advice));
  await expect(probe('speak', { speak: engine }, { env: nothingOnPath }, signal)).rejects.toMatchObject({
    code: 'engine.packed',
    message: expect.stringMatching(refusal),
    hint: expect.stringMatching(advice),
  });
});
