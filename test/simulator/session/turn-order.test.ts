import { describe, expect, test } from 'vitest';
import { join, noisySpeech, record, SessionDriver, silence } from '../session-driver.js';

/** Repeated deltas are one entry: their number depends on lengths. */
function collapsed(types: readonly string[]): string[] {
  return types.filter((type, index) => !(type.endsWith('.delta') && types[index - 1] === type));
}

const weather = {
  turns: [
    {
      heard: 'What is the weather?',
      tool: { name: 'get_weather', arguments: { place: 'Paris' } },
      said: 'It is {{tool.celsius}} degrees.',
    },
  ],
};

describe('a spoken turn', () => {
  test('comes in the order recorded from the real server', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ heard: 'Hello.', said: 'Hello you.' }] } });
    driver.forget();
    await driver.speak();
    await driver.clock.advance(10_000);
    const withoutTranscripts = collapsed(
      driver.types.filter((type) => type !== 'response.output_audio_transcript.delta'),
    );
    expect(withoutTranscripts).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio.delta',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
  });

  test('reports where speech began, padding included, and where silence ended it', async () => {
    const driver = new SessionDriver();
    await driver.hear(join(silence(1000), noisySpeech(1000), silence(800)));
    const { audio_start_ms, item_id } = driver.last('input_audio_buffer.speech_started');
    const stopped = driver.last('input_audio_buffer.speech_stopped');
    expect(audio_start_ms).toBeGreaterThanOrEqual(660);
    expect(audio_start_ms).toBeLessThanOrEqual(740);
    expect(stopped.audio_end_ms).toBeGreaterThanOrEqual(2460);
    expect(stopped.audio_end_ms).toBeLessThanOrEqual(2560);
    expect(stopped.item_id).toBe(item_id);
    expect(driver.last('input_audio_buffer.committed')).toMatchObject({ item_id, previous_item_id: null });
  });

  test('announces the words while the answer is on its way, when transcription is on', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ heard: 'What is it?', said: 'This and that.' }] },
    });
    driver.update({ audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } } });
    await driver.speak();
    await driver.clock.advance(10_000);
    const deltas = driver.all('conversation.item.input_audio_transcription.delta');
    expect(deltas.map(({ delta }) => delta)).toEqual(['What ', 'is ', 'it?']);
    const completed = driver.last('conversation.item.input_audio_transcription.completed');
    expect(completed).toMatchObject({
      transcript: 'What is it?',
      content_index: 0,
      usage: { type: 'tokens' },
    });
    expect(completed.item_id).toBe(driver.last('input_audio_buffer.committed').item_id);
    const firstDelta = driver.types.indexOf('conversation.item.input_audio_transcription.delta');
    expect(firstDelta).toBeGreaterThan(driver.types.indexOf('response.created'));
    expect(firstDelta).toBeLessThan(driver.types.indexOf('response.done'));
    driver.send({ type: 'conversation.item.retrieve', item_id: completed.item_id });
    expect(driver.last('conversation.item.retrieved').item).toMatchObject({
      content: [{ type: 'input_audio', transcript: 'What is it?' }],
    });
  });

  test('counts transcription in seconds for the other models', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ heard: 'Yes.', said: 'No.' }] } });
    driver.update({ audio: { input: { transcription: { model: 'whisper-1' } } } });
    await driver.speak(1300);
    await driver.clock.advance(1000);
    expect(driver.last('conversation.item.input_audio_transcription.completed').usage).toEqual({
      type: 'duration',
      seconds: 3,
    });
  });

  test('sends no transcript when transcription is off', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ heard: 'Yes.', said: 'No.' }] } });
    await driver.speak();
    await driver.clock.advance(10_000);
    expect(driver.types.filter((type) => type.includes('transcription'))).toEqual([]);
  });

  test('without an engine: says how long the speech was, and that it has no transcription', async () => {
    const driver = new SessionDriver();
    driver.update({ audio: { input: { transcription: { model: 'whisper-1' } } } });
    await driver.speak(1500);
    await driver.clock.advance(30_000);
    const failed = driver.last('conversation.item.input_audio_transcription.failed');
    expect(record(failed.error)).toMatchObject({ code: 'transcription_unavailable' });
    expect(record(failed.error).message).toMatch(/speech-to-text/);
    expect(driver.last('response.output_audio_transcript.done').transcript).toMatch(
      /^I heard 1\.5 seconds of speech\. To understand words, configure a speech-to-text engine, or type to me\.$/,
    );
  });

  test('creates no response when create_response is false', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ heard: 'Yes.', said: 'No.' }] } });
    driver.update({ audio: { input: { turn_detection: { type: 'server_vad', create_response: false } } } });
    await driver.speak();
    await driver.clock.advance(10_000);
    expect(driver.types).toContain('input_audio_buffer.committed');
    expect(driver.types).not.toContain('response.created');
  });

  test('waits longer under semantic detection', async () => {
    const driver = new SessionDriver();
    driver.update({ audio: { input: { turn_detection: { type: 'semantic_vad', eagerness: 'low' } } } });
    await driver.speak(1000, 1300);
    expect(driver.types).not.toContain('input_audio_buffer.speech_stopped');
    await driver.hear(silence(400));
    expect(driver.types).toContain('input_audio_buffer.speech_stopped');
  });

  test.each(['audio/pcmu', 'audio/pcma'])('can be %s both ways', async (type) => {
    const driver = new SessionDriver({ scenario: { turns: [{ heard: 'Yes.', said: 'No, never.' }] } });
    driver.update({ audio: { input: { format: { type } }, output: { format: { type } } } });
    const silent = type === 'audio/pcmu' ? 0xff : 0xd5;
    // A buzz of 200 Hz that glides a little, in syllables.
    const loud = (n: number): number => {
      const syllable = n % 2000 < 1700 ? 0x0f : 0x3f;
      const up = Math.floor((n + 8 * Math.sin(n / 300)) / 20) % 2 === 0;
      return silent & (up ? 0x80 | syllable : syllable);
    };
    const telephone = Buffer.concat([
      Buffer.alloc(2400, silent),
      Buffer.from(Array.from({ length: 8000 }, (_, n) => loud(n))),
      Buffer.alloc(8000, silent),
    ]);
    driver.send({ type: 'input_audio_buffer.append', audio: telephone.toString('base64') });
    await driver.clock.advance(10_000);
    expect(driver.last('input_audio_buffer.speech_stopped').audio_end_ms).toBeLessThan(2000);
    const bytes = driver
      .all('response.output_audio.delta')
      .reduce((sum, { delta }) => sum + Buffer.from(String(delta), 'base64').length, 0);
    // "No, never." is ten characters of 65 ms at 8 kHz, one byte per sample.
    expect(bytes).toBe(650 * 8);
  });
});

describe('a tool call', () => {
  test('comes in the order of the real server, and its result continues the turn', async () => {
    const driver = new SessionDriver({ scenario: weather });
    driver.forget();
    await driver.speak();
    await driver.clock.advance(10_000);
    const call = record(driver.last('response.output_item.done').item);
    expect(collapsed(driver.types.slice(driver.types.indexOf('response.created')))).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(call).toMatchObject({ type: 'function_call', name: 'get_weather', status: 'completed' });
    expect(JSON.parse(String(call.arguments))).toEqual({ place: 'Paris' });
    expect(
      driver
        .all('response.function_call_arguments.delta')
        .map(({ delta }) => delta)
        .join(''),
    ).toBe(call.arguments);
    driver.send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: call.call_id, output: '{"celsius":18}' },
      },
      { type: 'response.create' },
    );
    await driver.clock.advance(10_000);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('It is 18 degrees.');
  });

  test('comes while the words before it are still being spoken', async () => {
    const driver = new SessionDriver({
      scenario: {
        turns: [{ heard: 'Go.', say: 'One moment, I will look.', tool: { name: 'look' }, said: 'Nothing.' }],
      },
    });
    await driver.speak();
    await driver.clock.advance(10_000);
    const items = driver.all('response.output_item.added').map(({ item }) => record(item).type);
    expect(items).toEqual(['message', 'function_call']);
    const callDone = driver.events.findIndex(
      ({ type, item }) => type === 'response.output_item.done' && record(item).type === 'function_call',
    );
    expect(callDone).toBeLessThan(driver.types.indexOf('response.output_audio.done'));
    const { output, status } = record(driver.last('response.done').response);
    expect(status).toBe('completed');
    expect(output).toMatchObject([{ type: 'message' }, { type: 'function_call' }]);
  });

  test('may be several in one response', async () => {
    const driver = new SessionDriver({
      scenario: {
        turns: [
          {
            heard: 'Go.',
            tools: [{ name: 'a' }, { name: 'b' }],
            said: 'A {{tools.0.output}} B {{tools.1.output}}',
          },
        ],
      },
    });
    await driver.speak();
    await driver.clock.advance(1000);
    const calls = driver.all('response.output_item.done').map(({ item }) => record(item));
    expect(calls.map(({ name }) => name)).toEqual(['a', 'b']);
    for (const { name, call_id } of calls.toReversed()) {
      driver.send({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id, output: `<${String(name)}>` },
      });
    }
    driver.send({ type: 'response.create' });
    await driver.clock.advance(10_000);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('A <a> B <b>');
  });
});
