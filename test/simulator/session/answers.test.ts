import { describe, expect, test } from 'vitest';
import type { Ear, Mind, Voice } from '../../../src/engines/core/stages.js';
import { noisySpeech, record, SessionDriver, silence } from '../session-driver.js';

const said = (text: string) => ({ turns: [{ said: text }] });

function response(driver: SessionDriver): Record<string, unknown> {
  return record(driver.last('response.done').response);
}

describe('an answer', () => {
  test('arrives several times faster than it plays, the first sound at once', async () => {
    const driver = new SessionDriver({ scenario: { ...said('x'.repeat(100)), pace: 5 } });
    driver.type('go');
    driver.send({ type: 'response.create' });
    const count = (): number => driver.all('response.output_audio.delta').length;
    await driver.clock.advance(0);
    expect(count()).toBe(1);
    await driver.clock.advance(399); // 200 ms of sound every 40 ms
    expect(count()).toBe(10);
    await driver.clock.advance(900);
    expect(count()).toBe(33); // 6.5 s of sound
    expect(driver.types).toContain('response.done');
  });

  test('"fast" does not wait', async () => {
    const driver = new SessionDriver({ scenario: { ...said('x'.repeat(100)), pace: 'fast' } });
    driver.type('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(0);
    expect(driver.types).toContain('response.done');
  });

  test('sends all its words before its sound ends', async () => {
    const text = 'One two three. Four five six seven eight nine ten.';
    const driver = new SessionDriver({ scenario: said(text) });
    await driver.ask('go');
    const words = driver.all('response.output_audio_transcript.delta').map(({ delta }) => delta);
    expect(words.join('')).toBe(text);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe(text);
    const lastWord = driver.types.lastIndexOf('response.output_audio_transcript.delta');
    expect(lastWord).toBeLessThan(driver.types.indexOf('response.output_audio.done'));
  });

  test('as text has no sound', async () => {
    const driver = new SessionDriver({ scenario: said('Only words.') });
    driver.update({ output_modalities: ['text'] });
    await driver.ask('go');
    expect(driver.types.filter((type) => type.includes('audio'))).toEqual([]);
    expect(driver.last('response.output_text.done').text).toBe('Only words.');
    expect(response(driver)).toMatchObject({
      output_modalities: ['text'],
      output: [{ content: [{ type: 'output_text', text: 'Only words.' }] }],
      usage: { output_token_details: { audio_tokens: 0 } },
    });
  });

  test('shows metadata at the beginning and at the end', async () => {
    const driver = new SessionDriver();
    await driver.ask('hello', { metadata: { mine: '1' } });
    expect(record(driver.last('response.created').response).metadata).toEqual({ mine: '1' });
    expect(response(driver).metadata).toEqual({ mine: '1' });
  });

  test('counts tokens from lengths: 20 per second spoken, 10 per second heard, one per four characters', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ heard: 'x', said: 'y'.repeat(40) }] } });
    driver.update({ instructions: 'z'.repeat(400) });
    await driver.speak(1000, 800);
    await driver.clock.advance(10_000);
    const usage = record(response(driver).usage);
    const input = record(usage.input_token_details);
    const output = record(usage.output_token_details);
    expect(output).toEqual({ text_tokens: 10, audio_tokens: 52 }); // 40 × 65 ms = 2.6 s
    expect(input).toMatchObject({ text_tokens: 100, cached_tokens: 0 });
    expect(input.audio_tokens).toBeGreaterThanOrEqual(17);
    expect(input.audio_tokens).toBeLessThanOrEqual(19);
    expect(usage.total_tokens).toBe(Number(usage.input_tokens) + Number(usage.output_tokens));
    expect(usage.output_tokens).toBe(62);
  });

  test('reports the tokens that a model counted in place of an estimate', async () => {
    const driver = new SessionDriver({
      stages: {
        mind: {
          async *think() {
            yield { type: 'say', text: 'Good day.' };
            yield { type: 'usage', inputTokens: 321, outputTokens: 7 };
          },
        },
      },
    });
    await driver.ask('hello');
    expect(record(driver.last('response.done').response).usage).toMatchObject({
      input_tokens: 321,
      output_tokens: 7,
      input_token_details: { text_tokens: 321, audio_tokens: 0 },
    });
  });

  test('is incomplete when max_output_tokens are used up', async () => {
    const driver = new SessionDriver({ scenario: said('x'.repeat(100)) });
    await driver.ask('go', { max_output_tokens: 20 });
    expect(response(driver)).toMatchObject({
      status: 'incomplete',
      status_details: { type: 'incomplete', reason: 'max_output_tokens' },
      output: [{ status: 'incomplete' }],
    });
  });

  test.each(['audio', 'text'] as const)(
    'leaves out words that turned out to be thoughts, as far as they were not delivered yet: %s',
    async (modality) => {
      const mind: Mind = {
        async *think() {
          yield { type: 'say', text: 'The user greets me. I should be kind. ' };
          yield { type: 'unsay' };
          yield { type: 'say', text: 'Good day. How are you?' };
        },
      };
      const driver = new SessionDriver({ stages: { mind } });
      driver.update({ output_modalities: [modality] });
      await driver.ask('hello');
      const [item] = Array.isArray(response(driver).output) ? (response(driver).output as unknown[]) : [];
      const [part] = record(item).content as unknown[];
      const { text, transcript } = record(part);
      // What was already on its way cannot be called back.
      expect(modality === 'text' ? text : transcript).toMatch(/^(?:The )?Good day\. How are you\?$/);
    },
  );

  test.each(['max_output_tokens', 'content_filter'] as const)(
    'is incomplete where the model was cut off, with or without words: %s',
    async (reason) => {
      for (const text of ['Noon, or', '']) {
        const mind: Mind = {
          async *think() {
            if (text !== '') yield { type: 'say', text };
            yield { type: 'cut', reason };
          },
        };
        const driver = new SessionDriver({ stages: { mind } });
        await driver.ask('hello');
        expect(response(driver)).toMatchObject({
          status: 'incomplete',
          status_details: { type: 'incomplete', reason },
          output: text === '' ? [] : [{ status: 'incomplete', content: [{ transcript: text }] }],
        });
      }
    },
  );

  test('outside the conversation leaves no item in it, and runs beside other answers', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ said: 'x'.repeat(60) }, { said: 'Beside.' }] },
    });
    driver.type('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(0);
    driver.forget();
    driver.send({ type: 'response.create', response: { conversation: 'none', output_modalities: ['text'] } });
    await driver.clock.advance(10_000);
    expect(driver.all('error')).toEqual([]);
    const dones = driver.all('response.done').map((done) => record(done.response));
    expect(dones).toHaveLength(2);
    const beside = dones.find(({ conversation_id }) => conversation_id === null);
    const [item] = Array.isArray(beside?.output) ? beside.output : [];
    driver.send({ type: 'conversation.item.retrieve', item_id: record(item).id });
    expect(driver.error).toMatchObject({ code: 'item_retrieve_invalid_item_id' });
  });

  test('fails when the mind fails, and the session goes on', async () => {
    const failing = { next: () => Promise.reject(new Error('the engine is gone')) };
    const mind: Mind = { think: () => ({ [Symbol.asyncIterator]: () => failing }) };
    const driver = new SessionDriver({ stages: { mind } });
    await driver.ask('go');
    expect(response(driver)).toMatchObject({
      status: 'failed',
      status_details: { type: 'failed', error: { type: 'server_error', message: 'the engine is gone' } },
    });
    driver.forget();
    await driver.ask('go');
    expect(driver.types).toContain('response.created');
  });

  test('fails once when the voice fails in the middle', async () => {
    const voice: Voice = {
      async *speak() {
        yield new Int16Array(4800);
        throw new Error('hoarse');
      },
    };
    const driver = new SessionDriver({ stages: { voice } });
    await driver.ask('hello');
    expect(response(driver)).toMatchObject({ status: 'failed', output: [{ status: 'incomplete' }] });
    expect(driver.types.filter((type) => type === 'response.done')).toHaveLength(1);
  });

  test('stops the voice when it is cancelled', async () => {
    let aborted = false;
    const voice: Voice = {
      async *speak(_, { signal }) {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        for (;;) yield new Int16Array(4800);
      },
    };
    const driver = new SessionDriver({ stages: { voice } });
    driver.type('hello');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(200);
    driver.send({ type: 'response.cancel' });
    expect(aborted).toBe(true);
    await driver.clock.advance(1000);
    expect(driver.clock.waiting).toBe(1); // the session's end
  });
});

test('a turn that was cancelled before it was understood is not answered', async () => {
  let thoughts = 0;
  const mind: Mind = {
    async *think() {
      thoughts += 1;
      yield { type: 'say', text: 'Never.' };
    },
  };
  let understand: () => void = () => {};
  const ear: Ear = {
    hear: () =>
      new Promise((resolve) => {
        understand = () => resolve({ kind: 'words', text: 'Stop.' });
      }),
  };
  const driver = new SessionDriver({ stages: { mind, ear } });
  await driver.speak();
  driver.send({ type: 'response.cancel' });
  understand();
  await driver.clock.advance(5000);
  expect(thoughts).toBe(0);
  expect(response(driver)).toMatchObject({ status: 'cancelled', output: [] });
});

test('the ear gets the sound of the turn: from the padding before the speech to the silence that ended it', async () => {
  const heard: number[] = [];
  const ear: Ear = {
    hear: async ({ samples, rateHz }) => {
      heard.push((samples.length * 1000) / rateHz);
      return { kind: 'words', text: 'Yes.' };
    },
  };
  const driver = new SessionDriver({ stages: { ear } });
  await driver.hear(silence(3000));
  await driver.speak(1000);
  // 300 ms of padding, 1 s of speech, 500 ms of silence; whole appends of 20 ms.
  expect(heard).toHaveLength(1);
  expect(heard[0]).toBeGreaterThanOrEqual(1760);
  expect(heard[0]).toBeLessThanOrEqual(1840);
});

test('a failing ear costs the words, not the session', async () => {
  const ear: Ear = { hear: () => Promise.reject(new Error('the engine is gone')) };
  const driver = new SessionDriver({ stages: { ear } });
  driver.update({ audio: { input: { transcription: {} } } });
  await driver.speak();
  await driver.clock.advance(10_000);
  const failed = driver.last('conversation.item.input_audio_transcription.failed');
  expect(record(failed.error).message).toBe('the engine is gone');
  expect(response(driver)).toMatchObject({ status: 'completed' });
});

describe('a session', () => {
  test.each([
    ['gpt-realtime', 'alloy', 200],
    ['gpt-realtime-2.1', 'marin', 500],
  ])('of %s begins with the defaults recorded from the real one', (model, voice, silenceMs) => {
    const driver = new SessionDriver({ model });
    const { session } = driver.last('session.created');
    expect(driver.types).toEqual(['session.created']);
    expect(session).toMatchObject({
      type: 'realtime',
      object: 'realtime.session',
      model,
      output_modalities: ['audio'],
      expires_at: driver.clock.nowMs() / 1000 + 3600,
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: null,
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: silenceMs,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { format: { type: 'audio/pcm', rate: 24_000 }, voice, speed: 1 },
      },
    });
  });

  test('is patched: absent fields stay, null clears, and the whole session is shown', () => {
    const driver = new SessionDriver();
    driver.update({ instructions: 'Be brief.', audio: { input: { transcription: { model: 'whisper-1' } } } });
    driver.update({ audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 700 } } } });
    driver.update({ audio: { output: { speed: 1.2 } } });
    const { session } = driver.last('session.updated');
    expect(session).toMatchObject({
      instructions: 'Be brief.',
      audio: {
        input: {
          transcription: { model: 'whisper-1' },
          turn_detection: { silence_duration_ms: 700, prefix_padding_ms: 300 },
        },
        output: { speed: 1.2, voice: 'marin' },
      },
    });
    driver.update({ instructions: '', audio: { input: { transcription: null, turn_detection: null } } });
    expect(driver.last('session.updated').session).toMatchObject({
      instructions: '',
      audio: { input: { transcription: null, turn_detection: null } },
    });
  });

  test('keeps its voice once it has spoken; setting the same voice again is allowed', async () => {
    const driver = new SessionDriver();
    driver.update({ audio: { output: { voice: 'ash' } } });
    await driver.ask('hello');
    driver.update({ audio: { output: { voice: 'ash' } } });
    expect(driver.all('error')).toEqual([]);
    driver.update({ audio: { output: { voice: 'cedar' } } });
    expect(driver.error).toMatchObject({
      code: 'cannot_update_voice',
      message: "Cannot update a conversation's voice if assistant audio is present.",
    });
  });

  test('without turn detection: the client commits and asks', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ heard: 'Hi.', said: 'Hi you.' }] } });
    driver.update({ audio: { input: { turn_detection: null } } });
    await driver.speak();
    expect(driver.types).not.toContain('input_audio_buffer.speech_started');
    driver.forget();
    driver.send({ type: 'input_audio_buffer.commit' });
    expect(driver.types).toEqual([
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
    ]);
    driver.send({ type: 'response.create' });
    await driver.clock.advance(5000);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('Hi you.');
  });

  test('clear discards what was said so far', async () => {
    const driver = new SessionDriver();
    driver.update({ audio: { input: { turn_detection: null } } });
    await driver.speak();
    driver.send({ type: 'input_audio_buffer.clear' }, { type: 'input_audio_buffer.commit' });
    expect(driver.types).toContain('input_audio_buffer.cleared');
    expect(driver.error).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
      message:
        'Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 0.00ms of audio.',
    });
  });

  test('items are inserted where the client asks', () => {
    const driver = new SessionDriver();
    const put = (id: string, previous_item_id?: string): void =>
      driver.send({
        type: 'conversation.item.create',
        previous_item_id,
        item: { id, type: 'message', role: 'user', content: [{ type: 'input_text', text: id }] },
      });
    put('a');
    put('c');
    put('b', 'a');
    put('first', 'root');
    const places = driver.all('conversation.item.added').map(({ previous_item_id }) => previous_item_id);
    expect(places).toEqual([null, 'a', 'a', null]);
  });

  test('asks whether the user is still there, counted from the end of the playback', async () => {
    const driver = new SessionDriver();
    driver.update({ audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5000 } } } });
    driver.type('hello');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(3000);
    const bytes = driver
      .all('response.output_audio.delta')
      .reduce((sum, { delta }) => sum + Buffer.from(String(delta), 'base64').length, 0);
    expect(driver.types).toContain('response.done');
    driver.forget();
    await driver.clock.advance(bytes / 48 + 5000 - 3000 - 1);
    expect(driver.types).toEqual([]);
    await driver.clock.advance(1);
    expect(driver.types.slice(0, 5)).toEqual([
      'input_audio_buffer.timeout_triggered',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
    ]);
    await driver.clock.advance(2000);
    expect(driver.last('response.output_audio_transcript.done').transcript).toMatch(/still there/);
  });

  test('does not ask whether the user is still there while they speak', async () => {
    const driver = new SessionDriver();
    driver.update({ audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5000 } } } });
    driver.type('hello');
    driver.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    await driver.clock.advance(1000);
    expect(driver.types).toContain('response.done');
    await driver.clock.advance(3000);
    await driver.hear(noisySpeech(400));
    await driver.clock.advance(60_000);
    expect(driver.types).not.toContain('input_audio_buffer.timeout_triggered');
  });

  test('expires: an error, then close code 1001', async () => {
    const driver = new SessionDriver({ limitS: 3600 });
    await driver.clock.advance(3_599_999);
    expect(driver.closed).toBeUndefined();
    await driver.clock.advance(1);
    expect(driver.error).toMatchObject({ code: 'session_expired' });
    expect(driver.closed).toEqual({
      code: 1001,
      reason: 'Your session hit the maximum duration of 60 minutes.',
    });
  });

  test('leaves nothing running when the connection closes', async () => {
    const driver = new SessionDriver();
    driver.type('hello');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(10);
    const sent = driver.frames.length;
    driver.session.end();
    driver.session.end();
    await driver.clock.advance(10_000_000);
    expect(driver.frames).toHaveLength(sent);
    expect(driver.clock.waiting).toBe(0);
  });
});
