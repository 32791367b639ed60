/** Whole conversations: the session as the program runs it, the built-in server, and engines over HTTP. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { pcmOf, samplesOf } from '../../src/audio/samples/pcm16.js';
import { Resampler } from '../../src/audio/samples/resample.js';
import { VirtualSound } from '../../src/audio/virtual-sound.js';
import type { SessionEvent } from '../../src/contract/session-events.js';
import type { SessionSettings } from '../../src/contract/settings.js';
import type { Engines } from '../../src/engines/core/engine-config.js';
import { local } from '../../src/providers/local/provider.js';
import { startSession } from '../../src/session/start/start.js';
import type { VoiceSession } from '../../src/session/voice-session.js';
import { loadTools } from '../../src/tools/load-tools.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';
import {
  type Behaviour,
  bodyOf,
  callOf,
  events,
  FakeEngines,
  formOf,
  json,
  stopped,
  stream,
  tonePcm,
  words,
} from './fake-engines.js';

const transcriptions = '/v1/audio/transcriptions';
const completions = '/v1/chat/completions';
const speech = '/v1/audio/speech';
const frameBytes = 960;

/** "What is the weather in Paris?" at 24 kHz, with silence behind it until the turn is over. */
function question(): Uint8Array {
  const file = readFileSync(new URL('../fixtures/audio/question.wav', import.meta.url));
  const resampler = new Resampler(16_000, 24_000);
  const sound = resampler.process(samplesOf(new Uint8Array(file.subarray(44))));
  return Buffer.concat([pcmOf(sound), new Uint8Array(24_000)]);
}

type Of<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

class Talk {
  readonly events: SessionEvent[] = [];

  private constructor(readonly session: VoiceSession) {
    session.subscribe((event) => void this.events.push(event));
  }

  static async begin(engines: Engines, settings: SessionSettings = {}): Promise<Talk> {
    const tools = await loadTools(['get_time'], { weather: {}, env: {} });
    const session = await startSession({
      provider: local,
      connection: { model: 'local', env: { PATH: '' }, options: { engines } },
      settings: { transcription: {}, ...settings },
      tools: createToolRunner(tools, { timeoutMs: 5000, env: {} }),
      openSound: async ({ outputRateHz }) => new VirtualSound({ outputRateHz, pace: 'realtime' }),
    });
    const talk = new Talk(session);
    talks.add(talk);
    return talk;
  }

  /** Speaks, at real time where an answer is being listened to meanwhile. */
  async say(pcm: Uint8Array, frameMs = 4): Promise<void> {
    const begunMs = performance.now();
    for (let at = 0, frame = 0; at < pcm.length; at += frameBytes, frame += 1) {
      this.session.sendAudio(pcm.subarray(at, at + frameBytes));
      await delay(Math.max(0, begunMs + frame * frameMs - performance.now()));
    }
  }

  all<T extends SessionEvent['type']>(type: T): Of<T>[] {
    return this.events.filter((event): event is Of<T> => event.type === type);
  }

  async until<T extends SessionEvent['type']>(type: T, count = 1): Promise<Of<T>> {
    await expect
      .poll(() => this.all(type).length, {
        timeout: 8000,
        interval: 5,
        message: `no ${type} number ${count}`,
      })
      .toBeGreaterThanOrEqual(count);
    return this.all(type)[count - 1] as Of<T>;
  }
}

const talks = new Set<Talk>();
afterEach(async () => {
  await Promise.all([...talks].map(({ session }) => session.end()));
  talks.clear();
});

/** A model that asks for the time, tells it at length, and answers what comes after that briefly. */
const teller: Behaviour = async (asked, response) => {
  const { messages } = bodyOf(asked);
  if (!Array.isArray(messages)) throw new Error('no messages');
  const last: unknown = messages.at(-1);
  const role = typeof last === 'object' && last !== null && 'role' in last ? last.role : undefined;
  const story = Array<object>(400).fill(words('It is late, very late now. '));
  const chunks =
    role === 'tool'
      ? events(...story, stopped)
      : messages.some((message: { role?: string }) => message.role === 'tool')
        ? events(words('Yes?'), stopped)
        : events(callOf('get_time', { place: 'Paris' }), stopped);
  await stream('text/event-stream', chunks, role === 'tool' ? 10 : 0)(asked, response);
};

describe('a conversation through engines', () => {
  test('a question is heard, a tool is called, and the answer is spoken until it is interrupted', async () => {
    const fake = await FakeEngines.start({
      [transcriptions]: json(200, { text: 'What time is it in Paris?' }),
      [completions]: teller,
      [speech]: stream('audio/pcm', [tonePcm(700), tonePcm(700), tonePcm(700)], 30),
    });
    const engine = { url: fake.url };
    const talk = await Talk.begin({ hear: engine, think: { ...engine, model: 'qwen3' }, speak: engine });
    await talk.say(question());
    expect(await talk.until('user.transcript.done')).toMatchObject({ text: 'What time is it in Paris?' });
    expect(await talk.until('tool.finished')).toMatchObject({ name: 'get_time' });
    await talk.until('assistant.audio');
    await delay(900);
    // The user speaks again, over the answer.
    await talk.say(question(), 20);
    const cleared = await talk.until('playback.cleared');
    expect(cleared.heardMs).toBeGreaterThan(500);
    await expect.poll(() => fake.to(completions)[1]?.gone).toBe(true);
    const done = await talk.until('response.done', 3);
    expect(talk.all('response.done')[1]).toMatchObject({ status: 'cancelled' });
    expect(done).toMatchObject({ status: 'completed' });
    // Of the old answer, only the sentences that were played and the one ahead of them were requested.
    const sentences = fake.to(speech).map((asked) => bodyOf(asked).input);
    expect(sentences.length).toBeLessThan(10);
    expect(sentences.at(-1)).toBe('Yes?');
    // The model knows what was heard of its story, which is a small part of it.
    const [, , third] = fake.to(completions);
    const told = JSON.stringify(third && bodyOf(third).messages);
    expect(told).toMatch(/It is late/);
    expect(told.split('very late').length).toBeLessThan(6);
    expect(talk.all('error')).toEqual([]);
    expect(talk.all('warning')).toEqual([]);
  });

  test('what is not configured stays built in: typed words are answered, spoken ones cannot be transcribed', async () => {
    const fake = await FakeEngines.start({
      [completions]: stream('text/event-stream', events(words('**Four.**'), stopped)),
    });
    const talk = await Talk.begin({ think: { url: fake.url, model: 'qwen3' } });
    expect(talk.session.profile.model).toBe('qwen3');
    talk.session.sendText('two and two?');
    expect(await talk.until('assistant.text.done')).toMatchObject({ text: '**Four.**' });
    await talk.until('response.done');
    await talk.say(question());
    expect((await talk.until('assistant.text.done', 2)).text).toMatch(/I heard .* seconds of speech/);
    expect(fake.to(completions)).toHaveLength(1);
  });

  test('noise is heard and not answered', async () => {
    const fake = await FakeEngines.start({
      [transcriptions]: json(200, { text: '[BLANK_AUDIO]' }),
      [completions]: teller,
    });
    const { url } = fake;
    const transcription = { language: 'pl', prompt: 'Kaczmarek' };
    const talk = await Talk.begin({ hear: { url, prompt: 'voxterm' }, think: { url } }, { transcription });
    await talk.say(question());
    expect(await talk.until('response.done')).toMatchObject({ status: 'completed' });
    const [asked] = fake.to(transcriptions);
    expect(asked && (await formOf(asked)).fields).toMatchObject({ language: 'pl', prompt: 'Kaczmarek' });
    expect(fake.to(completions)).toEqual([]);
    expect(talk.all('assistant.text.done')).toEqual([]);
    expect([...talk.all('error'), ...talk.all('warning')]).toEqual([]);
  });

  test('a failing ear costs the answer, not the session', async () => {
    const fake = await FakeEngines.start({
      [transcriptions]: json(500, { error: { message: 'out of memory' } }),
      [completions]: stream('text/event-stream', events(words('Yes.'), stopped)),
    });
    const talk = await Talk.begin({ hear: { url: fake.url }, think: { url: fake.url } });
    await talk.say(question());
    expect((await talk.until('warning')).message).toMatch(
      /hearing engine at http.*failed \(500\): out of memory/,
    );
    expect(await talk.until('response.done')).toMatchObject({ status: 'failed' });
    talk.session.sendText('still there?');
    expect(await talk.until('assistant.text.done')).toMatchObject({ text: 'Yes.' });
    expect(fake.to(completions)).toHaveLength(1);
  });

  test('a failing mind or voice says which, where and what to do; the next answer may work', async () => {
    const fake = await FakeEngines.start({
      [completions]: json(404, { error: { message: 'model "x" not found' } }),
    });
    const talk = await Talk.begin({ think: { url: fake.url, model: 'x' }, speak: { url: fake.url } });
    talk.session.sendText('hello');
    expect((await talk.until('error')).message).toMatch(
      /^The thinking engine at http.*model "x" not found.*engines\.think\.model/,
    );
    expect(await talk.until('response.done')).toMatchObject({ status: 'failed' });
    fake.on(completions, stream('text/event-stream', events(words('Good day.'), stopped)));
    talk.session.sendText('hello?');
    expect((await talk.until('error', 2)).message).toMatch(/^The speaking engine at http.*no such path/);
    fake.on(speech, stream('audio/pcm', [tonePcm(100)]));
    talk.session.sendText('hello??');
    expect(await talk.until('response.done', 3)).toMatchObject({ status: 'completed' });
    expect(talk.all('session.ended')).toEqual([]);
  });

  test('a model without tools answers, and the user gets a warning', async () => {
    const fake = await FakeEngines.start({
      [completions]: async (asked, response) => {
        const refusal = json(400, { error: { message: 'llama2 does not support tools' } });
        const answer = stream('text/event-stream', events(words('Noon.'), stopped));
        await (bodyOf(asked).tools === undefined ? answer : refusal)(asked, response);
      },
    });
    const talk = await Talk.begin({ think: { url: fake.url, model: 'llama2' } });
    talk.session.sendText('what time is it?');
    expect(await talk.until('response.done')).toMatchObject({ status: 'completed' });
    expect(talk.all('error').map(({ code }) => code)).toEqual(['tools_unavailable']);
    expect(await talk.until('assistant.text.done')).toMatchObject({ text: 'Noon.' });
  });

  test('each sentence is requested while the one before it is spoken, and not earlier', async () => {
    let talk: Talk | undefined;
    /** Sound that the client had received when each sentence was requested. */
    const receivedMs: number[] = [];
    const speak = stream('audio/pcm', [tonePcm(1000)]);
    const fake = await FakeEngines.start({
      [completions]: stream(
        'text/event-stream',
        events(words('One is here. Two is here. Three is here. Four.'), stopped),
      ),
      [speech]: async (asked, response) => {
        const bytes = talk?.all('assistant.audio').reduce((sum, event) => sum + event.bytes, 0) ?? 0;
        receivedMs.push(bytes / 48);
        await speak(asked, response);
      },
    });
    talk = await Talk.begin({ think: { url: fake.url }, speak: { url: fake.url } });
    talk.session.sendText('count');
    await talk.until('response.done');
    expect(fake.to(speech).map((asked) => bodyOf(asked).input)).toEqual([
      'One is here.',
      'Two is here.',
      'Three is here.',
      'Four.',
    ]);
    expect(receivedMs[1]).toBeLessThan(1000);
    expect(receivedMs[2]).toBeLessThan(2000);
    expect(receivedMs[3]).toBeLessThan(3000);
    // A request may overtake the last sound of the sentence before the one that is spoken.
    expect(receivedMs[2]).toBeGreaterThanOrEqual(600);
    expect(receivedMs[3]).toBeGreaterThanOrEqual(1600);
  });

  test('a missing key ends the session before it begins', async () => {
    const engines = { think: { url: 'http://127.0.0.1:9/v1', keyVariable: 'ABSENT_KEY' } };
    await expect(Talk.begin(engines)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/ABSENT_KEY/),
    });
  });

  test('the session adds little to the time that the engines take', async () => {
    const later =
      (ms: number, behaviour: Behaviour): Behaviour =>
      async (asked, response) => {
        await delay(ms);
        await behaviour(asked, response);
      };
    const fake = await FakeEngines.start({
      [transcriptions]: later(100, json(200, { text: 'What is the weather?' })),
      [completions]: later(
        100,
        stream('text/event-stream', events(words('Fine.'), words(' Very.'), stopped)),
      ),
      [speech]: later(100, stream('audio/pcm', [tonePcm(400)])),
    });
    const engine = { url: fake.url };
    const talk = await Talk.begin({ hear: engine, think: engine, speak: engine });
    const own: number[] = [];
    for (let turn = 1; turn <= 3; turn += 1) {
      await talk.say(question());
      const { firstAudioMs = 0 } = await talk.until('response.done', turn);
      own.push(Math.round(firstAudioMs - 300));
    }
    // 13 to 57 ms were measured; one turn of three is enough, because other tests may be running.
    expect(Math.min(...own)).toBeLessThan(60);
  });
});
