import { describe, expect, test } from 'vitest';
import { loadDialect } from '../../../../src/simulator/dialects/table.js';
import { noisySpeech, record, type SessionDriver } from '../../session-driver.js';
import {
  connect,
  dismissalOf,
  judge,
  order,
  refusalOf,
  response,
  session,
  soundBytes,
  type Visit,
  weatherScenario,
  weatherTool,
} from '../dialect-driver.js';

const path = '/v1/realtime?model=gpt://b1gfolder/speech-realtime-260528';
const long = { heard: 'Привет, как дела?', said: 'x'.repeat(61) };

const studio = (options: Visit & { quirks?: string[] } = {}) => connect('yandex', { path, ...options });

function completed(driver: SessionDriver): unknown[] {
  return driver
    .all('conversation.item.input_audio_transcription.completed')
    .map(({ transcript }) => transcript);
}

describe('connecting to AI Studio', () => {
  test.each(['Api-Key', 'api-key', 'Bearer'])('takes the key as %s', async (scheme) => {
    const dialect = await loadDialect('yandex');
    const headers = { authorization: `${scheme} AQVN` };
    expect(judge(dialect, path, { headers, token: 'AQVN' }).kind).toBe('accepted');
    expect(refusalOf(judge(dialect, path, { headers, token: 'other' })).status).toBe(401);
  });

  test.each([
    ['as it is', path],
    ['encoded', `/v1/realtime?model=${encodeURIComponent('gpt://b1gfolder/speech-realtime-260528')}`],
    ['at the former address', path.replace('realtime?', 'realtime/openai?')],
  ])('takes the model %s', async (_, address) => {
    expect(judge(await loadDialect('yandex'), address)).toMatchObject({
      kind: 'accepted',
      model: 'gpt://b1gfolder/speech-realtime-260528',
    });
  });

  test.each(['?model=speech-realtime-260528', '?model=gpt://b1gfolder', ''])(
    'closes with 1008 without the whole name: %s',
    async (query) => {
      const { code, reason, events } = dismissalOf(
        judge(await loadDialect('yandex'), `/v1/realtime${query}`),
      );
      expect({ code, reason }).toEqual({ code: 1008, reason: 'Invalid model URI' });
      expect(events).toMatchObject([
        { type: 'error', error: { message: expect.stringMatching(/^Invalid model URI/) } },
      ]);
    },
  );
});

describe('the session of AI Studio', () => {
  const update = {
    instructions: 'Отвечай кратко.',
    output_modalities: ['text', 'audio'],
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24_000, channels: 1 },
        languages: ['ru-RU'],
        turn_detection: { type: 'server_vad', threshold: 0.5, silence_duration_ms: 400 },
      },
      output: { format: { type: 'audio/pcm', rate: 44_100 }, voice: 'marina', role: 'friendly' },
    },
    tools: [
      weatherTool,
      { type: 'function', name: 'web_search', description: 'Поиск в интернете', parameters: '{}' },
      { type: 'function', name: 'file_search', description: 'store-id', parameters: {} },
    ],
  };

  test('is confirmed twice', async () => {
    const driver = await studio();
    driver.send({ type: 'session.update', session: update });
    expect(driver.types).toEqual(['session.created', 'session.updated', 'session.updated']);
    const shown = session(driver);
    expect(shown).not.toHaveProperty('type');
    expect(shown).toMatchObject({
      output_modalities: ['audio'],
      audio: {
        input: { languages: ['ru-RU'], turn_detection: { silence_duration_ms: 400 } },
        output: { format: { type: 'audio/pcm', rate: 44_100 }, voice: 'marina', role: 'friendly' },
      },
    });
  });

  test.each([
    ['whole', { name: 'Anna', '{{name}}': 'Anna' }, undefined],
    ['without braces', { name: 'Anna' }, 'Internal error'],
  ])('a prompt with variables %s', async (_, variables, message) => {
    const driver = await studio();
    driver.send({ type: 'session.update', session: { prompt: { id: 'p1', variables } } });
    if (message === undefined) expect(session(driver)).toMatchObject({ prompt: { id: 'p1' } });
    else expect(driver.error).toMatchObject({ message });
  });

  test('earlier words of the assistant are refused', async () => {
    const driver = await studio();
    driver.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Да.' }] },
    });
    expect(driver.error.message).toMatch(/^MessageContentItemOutputText .*not supported yet/);
    driver.type('Привет');
    expect(driver.types).toContain('conversation.item.created');
  });
});

describe('a turn at AI Studio', () => {
  test('is spoken as written text, under GA names for the sound', async () => {
    const driver = await studio({ scenario: { turns: [long] } });
    driver.forget();
    await driver.speak(1000, 600);
    await driver.clock.advance(5000);
    expect(
      order(driver).filter((type) => !type.includes('delta') && !type.includes('transcription')),
    ).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'conversation.item.created',
      'response.created',
      'response.output_item.added',
      'conversation.item.created',
      'response.content_part.added',
      'response.output_audio.done',
      'response.output_text.done',
      'response.output_item.done',
      'response.done',
    ]);
    const words = driver.all('response.output_text.delta').map(({ delta }) => delta);
    expect(words.join('')).toBe(long.said);
    expect(driver.last('response.output_text.done').text).toBe(long.said);
    expect(driver.types.some((type) => type.includes('output_audio_transcript'))).toBe(false);
    expect(response(driver)).toMatchObject({
      output: [{ content: [{ type: 'output_text', text: long.said }] }],
      usage: {
        input_token_details: { text_tokens: expect.any(Number), cached_tokens: 0 },
        output_token_details: { text_tokens: expect.any(Number), audio_tokens: expect.any(Number) },
      },
    });
  });

  test('what was heard grows, behind what was heard before', async () => {
    const driver = await studio({ scenario: { turns: [long, { heard: 'Пока, друг.', said: 'Да.' }] } });
    await driver.speak();
    await driver.clock.advance(10_000);
    expect(completed(driver)).toEqual(['Привет,', 'Привет, как', long.heard, long.heard]);
    driver.forget();
    await driver.speak();
    await driver.clock.advance(10_000);
    expect(completed(driver).at(0)).toBe('Привет, как дела? Пока,');
    expect(completed(driver).at(-1)).toBe('Привет, как дела? Пока, друг.');
    expect(driver.types).not.toContain('conversation.item.input_audio_transcription.delta');
  });

  test('an interrupted answer has no end', async () => {
    const driver = await studio({ scenario: { turns: [long, { heard: 'Стой.', said: 'Да?' }] } });
    await driver.speak();
    await driver.clock.advance(300);
    driver.forget();
    await driver.hear(noisySpeech(400));
    await driver.clock.advance(5000);
    expect(driver.types).toContain('input_audio_buffer.speech_started');
    expect(driver.types).not.toContain('response.done');
    await driver.hear(new Int16Array(24_000));
    await driver.clock.advance(5000);
    expect(driver.all('response.done')).toHaveLength(1);
    expect(response(driver)).toMatchObject({ status: 'completed' });
  });

  test('a cancelled one has, and can be truncated', async () => {
    const driver = await studio({ scenario: { turns: [long] } });
    await driver.speak();
    await driver.clock.advance(300);
    driver.send({ type: 'response.cancel' });
    expect(response(driver)).toMatchObject({ status: 'cancelled' });
    const { item_id } = driver.last('response.output_audio.delta');
    driver.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 100 });
    expect(driver.last('conversation.item.truncated')).toMatchObject({ audio_end_ms: 100 });
  });

  test('tools of the client are called', async () => {
    const driver = await studio({ scenario: weatherScenario });
    driver.send({ type: 'session.update', session: { tools: [weatherTool] } });
    await driver.speak();
    await driver.clock.advance(1000);
    const item = record(driver.last('response.output_item.done').item);
    expect(item).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' });
    driver.send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: item.call_id, output: '{"weather":"fine"}' },
      },
      { type: 'response.create', response: { modalities: ['audio', 'text'], conversation: 'default' } },
    );
    await driver.clock.advance(5000);
    expect(driver.last('response.output_text.done').text).toBe('It is fine.');
  });

  test('tools of the server run there', async () => {
    const driver = await studio({
      scenario: {
        turns: [
          {
            heard: 'Что нового?',
            tool: { name: 'web_search' },
            afterTool: { said: 'Found: {{tool.summary}}' },
          },
        ],
      },
    });
    await driver.speak();
    await driver.clock.advance(20_000);
    expect(driver.types.some((type) => type.includes('function_call'))).toBe(false);
    expect(driver.last('response.output_text.done').text).toMatch(/^Found: The search found nothing/);
    expect(response(driver)).toMatchObject({ status: 'completed', output: [{ type: 'message' }] });
  });
});

describe('turns committed by hand at AI Studio', () => {
  async function committed(): Promise<SessionDriver> {
    const driver = await studio({ scenario: { turns: [{ ...long, said: 'Хорошо.' }] } });
    driver.send({ type: 'session.update', session: { audio: { input: { turn_detection: null } } } });
    await driver.hear(noisySpeech(500));
    driver.send({ type: 'input_audio_buffer.commit' });
    return driver;
  }

  test('are answered when their words are there', async () => {
    const driver = await committed();
    await driver.clock.advance(1000);
    driver.send({ type: 'response.create' });
    await driver.clock.advance(5000);
    expect(driver.last('response.output_text.done').text).toBe('Хорошо.');
  });

  test('before that, nothing is answered', async () => {
    const driver = await committed();
    driver.send({ type: 'response.create' });
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'completed', output: [] });
  });

  test('nothing to commit is an error', async () => {
    const driver = await studio();
    driver.send({ type: 'input_audio_buffer.commit' });
    expect(driver.error).toMatchObject({ code: 'input_audio_buffer_commit_empty' });
  });
});

test('a rate that gives no whole number of samples for 200 ms is spoken all the same', async () => {
  const driver = await studio({ scenario: { turns: [long] } });
  const format = { type: 'audio/pcm', rate: 24_001 };
  driver.send({ type: 'session.update', session: { audio: { output: { format } } } });
  await driver.speak();
  await driver.clock.advance(5000);
  expect(response(driver)).toMatchObject({ status: 'completed' });
});

test('the quirk: 44.1 kHz whatever was asked for, and a rate that is not told', async () => {
  const driver = await studio({ quirks: ['output-44100'], scenario: { turns: [long] } });
  driver.send({
    type: 'session.update',
    session: { audio: { output: { format: { type: 'audio/pcm', rate: 24_000 } } } },
  });
  expect(session(driver)).toMatchObject({ audio: { output: { format: { type: 'audio/pcm', rate: null } } } });
  await driver.speak();
  await driver.clock.advance(5000);
  expect(soundBytes(driver, 'response.output_audio.delta') / 2 / 44_100).toBeCloseTo(3.965, 1);
});
