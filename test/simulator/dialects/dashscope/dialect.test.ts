import { describe, expect, test } from 'vitest';
import { loadDialect } from '../../../../src/simulator/dialects/table.js';
import { noisySpeech, record, type SessionDriver, silence } from '../../session-driver.js';
import {
  connect,
  judge,
  order,
  refusalOf,
  response,
  session,
  soundBytes,
  speakAt,
  type Visit,
  weatherScenario,
  weatherTool,
} from '../dialect-driver.js';

const rateHz = 16_000;
const { type, ...declared } = weatherTool;
const nested = { type, function: declared };
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70]).toString('base64');

function qwen(model: string, options: Visit = {}): Promise<SessionDriver> {
  return connect('dashscope', { path: `/api-ws/v1/realtime?model=${model}`, ...options });
}

const plus = (options?: Visit) => qwen('qwen3.5-omni-plus-realtime', options);
const flash = (options?: Visit) => qwen('qwen3-omni-flash-realtime', options);
const long = { said: 'x'.repeat(61) };

describe('connecting to DashScope', () => {
  test('needs its path, a bearer and a model that exists', async () => {
    const dialect = await loadDialect('dashscope');
    const path = '/api-ws/v1/realtime?model=qwen3-omni-flash-realtime';
    const headers = { authorization: 'Bearer sk-1' };
    expect(judge(dialect, path, { headers, token: 'sk-1' }).kind).toBe('accepted');
    expect(refusalOf(judge(dialect, path, { token: 'sk-1' }))).toMatchObject({
      status: 401,
      body: { code: 'InvalidApiKey' },
    });
    expect(refusalOf(judge(dialect, path, { headers: { 'api-key': 'sk-1' }, token: 'sk-1' })).status).toBe(
      401,
    );
    expect(refusalOf(judge(dialect, '/v1/realtime?model=qwen3-omni-flash-realtime')).status).toBe(404);
    expect(refusalOf(judge(dialect, '/api-ws/v1/realtime?model=gpt-realtime'))).toMatchObject({
      status: 404,
      body: { code: 'ModelNotFound' },
    });
  });

  test('shows a flat session with the voice and the fixed transcription of the family', async () => {
    expect(session(await flash(), 'session.created')).toMatchObject({
      modalities: ['text', 'audio'],
      voice: 'Cherry',
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm16',
      input_audio_transcription: { model: 'gummy-realtime-v1' },
      turn_detection: { type: 'server_vad', silence_duration_ms: 800, create_response: true },
      tools: null,
      temperature: 0.9,
    });
    expect(session(await plus(), 'session.created')).toMatchObject({ voice: 'Tina', tools: [] });
  });
});

describe('the session of DashScope', () => {
  test('takes nested tools', async () => {
    const driver = await plus();
    driver.send({
      type: 'session.update',
      session: { tools: [nested], output_audio_format: 'pcm24', temperature: 1.9 },
    });
    expect(session(driver)).toMatchObject({
      tools: [nested],
      output_audio_format: 'pcm24',
      temperature: 1.9,
    });
  });

  test.each<[string, object, object]>([
    ['flat tools', { tools: [weatherTool] }, { param: 'session.tools[0].function' }],
    ['sound without words', { modalities: ['audio'] }, { code: 'invalid_value' }],
    ['no voice', { voice: '' }, { param: 'session.voice' }],
    [
      'a detection of the sibling',
      { turn_detection: { type: 'smart_turn' } },
      { param: 'session.turn_detection.type' },
    ],
    [
      'too short a silence',
      { turn_detection: { type: 'server_vad', silence_duration_ms: 100 } },
      { param: 'session.turn_detection.silence_duration_ms' },
    ],
    ['too warm a model', { temperature: 2 }, { param: 'session.temperature' }],
    ['searching beside tools', { enable_search: true, tools: [nested] }, { code: 'invalid_value' }],
  ])('refuses %s', async (_, patch, error) => {
    const driver = await plus();
    driver.send({ type: 'session.update', session: patch });
    expect(driver.error).toMatchObject(error);
  });

  test('older models have no semantic detection, and drop tools silently', async () => {
    const driver = await flash({ scenario: weatherScenario });
    driver.send({ type: 'session.update', session: { turn_detection: { type: 'semantic_vad' } } });
    expect(driver.error).toMatchObject({ param: 'session.turn_detection.type' });
    driver.send({ type: 'session.update', session: { tools: [nested] } });
    expect(session(driver).tools).toBeNull();
    await speakAt(driver, rateHz);
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'completed', output: [{ type: 'message' }] });
  });

  test('newer ones have it', async () => {
    const driver = await plus();
    driver.send({ type: 'session.update', session: { turn_detection: { type: 'semantic_vad' } } });
    expect(session(driver)).toMatchObject({ turn_detection: { type: 'semantic_vad' } });
  });

  test('the transcription model is fixed, whatever is asked for', async () => {
    const driver = await plus();
    driver.send({ type: 'session.update', session: { input_audio_transcription: { model: 'whisper-1' } } });
    expect(session(driver)).toMatchObject({
      input_audio_transcription: { model: 'qwen3-asr-flash-realtime' },
    });
  });

  test('an unknown voice fails at the answer only', async () => {
    const driver = await plus({ scenario: { turns: [long] } });
    driver.send({ type: 'session.update', session: { voice: 'Nobody' } });
    expect(driver.types).not.toContain('error');
    await speakAt(driver, rateHz);
    await driver.clock.advance(1000);
    expect(response(driver)).toMatchObject({
      status: 'failed',
      status_details: { error: { message: "Voice 'Nobody' is not supported." } },
    });
  });

  test('the voice stays once it has been heard', async () => {
    const driver = await plus({ scenario: { turns: [long] } });
    await speakAt(driver, rateHz);
    await driver.clock.advance(5000);
    driver.send({ type: 'session.update', session: { voice: 'Cherry' } });
    expect(driver.error).toMatchObject({ code: 'cannot_update_voice' });
  });
});

describe('turns at DashScope', () => {
  test('a spoken turn, in order', async () => {
    const driver = await plus({ scenario: { turns: [{ heard: 'Hello.', said: 'Good morning.' }] } });
    driver.forget();
    await speakAt(driver, rateHz);
    await driver.clock.advance(5000);
    expect(
      order(driver).filter((name) => !name.includes('delta') && !name.includes('transcription')),
    ).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.created',
      'response.created',
      'response.output_item.added',
      'conversation.item.created',
      'response.content_part.added',
      'response.audio.done',
      'response.audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.done',
    ]);
    expect(driver.last('conversation.item.input_audio_transcription.completed').transcript).toBe('Hello.');
    expect(driver.types).not.toContain('conversation.item.input_audio_transcription.delta');
    const { usage } = response(driver);
    expect(usage).toMatchObject({
      input_tokens_details: { text_tokens: 0, audio_tokens: expect.any(Number) },
      output_tokens_details: { audio_tokens: expect.any(Number) },
    });
    expect(usage).not.toHaveProperty('input_token_details');
  });

  test('16 kHz are heard and 24 kHz are spoken', async () => {
    const driver = await plus({ scenario: { turns: [long] } });
    await speakAt(driver, rateHz, { speechMs: 1000 });
    await driver.clock.advance(5000);
    const started = Number(driver.last('input_audio_buffer.speech_started').audio_start_ms);
    expect(started).toBeLessThan(310);
    expect(Number(driver.last('input_audio_buffer.speech_stopped').audio_end_ms)).toBeGreaterThan(2000);
    expect(soundBytes(driver, 'response.audio.delta') / 2 / 24_000).toBeCloseTo(3.965, 1);
  });

  test.each([
    ['flash leaves them unwritten', flash, 0],
    ['later models write them down', plus, 1],
  ] as const)('turns committed by hand: %s', async (_, model, transcripts) => {
    const driver = await model({ scenario: { turns: [{ heard: 'Hello.', said: 'Good morning.' }] } });
    driver.send({ type: 'session.update', session: { turn_detection: null } });
    await driver.hear(noisySpeech(500, rateHz), 320);
    driver.send({ type: 'input_audio_buffer.commit' });
    await driver.clock.advance(2000);
    expect(driver.types).not.toContain('response.created');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(5000);
    expect(driver.last('response.audio_transcript.done').transcript).toBe('Good morning.');
    expect(driver.all('conversation.item.input_audio_transcription.completed')).toHaveLength(transcripts);
  });

  test('a tool turn', async () => {
    const driver = await plus({ scenario: weatherScenario });
    driver.send({ type: 'session.update', session: { tools: [nested] } });
    await speakAt(driver, rateHz);
    await driver.clock.advance(1000);
    const item = record(driver.last('response.output_item.done').item);
    expect(item).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' });
    driver.send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: item.call_id, output: '{"weather":"fine"}' },
      },
      { type: 'response.create' },
    );
    await driver.clock.advance(5000);
    expect(driver.last('response.audio_transcript.done').transcript).toBe('It is fine.');
  });

  test('speech during an answer ends it with its end', async () => {
    const driver = await plus({ scenario: { turns: [long, long] } });
    await speakAt(driver, rateHz);
    await driver.clock.advance(300);
    await driver.hear(noisySpeech(400, rateHz), 320);
    expect(response(driver)).toMatchObject({ status: 'cancelled' });
  });
});

describe('response.cancel at DashScope', () => {
  test('is followed by the end of the item, and by nothing else', async () => {
    const driver = await plus({ scenario: { turns: [long, { said: 'Next.' }] } });
    await speakAt(driver, rateHz);
    await driver.clock.advance(300);
    driver.forget();
    driver.send({ type: 'response.cancel' });
    await driver.clock.advance(10_000);
    expect(driver.types).toEqual(['response.output_item.done']);
    expect(driver.last('response.output_item.done').item).toMatchObject({ status: 'incomplete' });
    driver.send({ type: 'response.create' });
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'completed' });
  });

  test('with nothing running is an error', async () => {
    const driver = await plus({ scenario: { turns: [long] } });
    driver.send({ type: 'response.cancel' });
    expect(driver.error).toMatchObject({ type: 'invalid_request_error' });
    await speakAt(driver, rateHz);
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'completed' });
  });
});

describe('what DashScope does not have', () => {
  test.each([
    ['conversation.item.truncate', { item_id: 'x', content_index: 0, audio_end_ms: 1 }],
    ['conversation.item.delete', { item_id: 'x' }],
    ['session.finish', {}],
  ])('%s', async (name, fields) => {
    const driver = await plus();
    driver.send({ type: name, event_id: 'mine', ...fields });
    expect(driver.error).toMatchObject({ code: 'invalid_value', param: 'type', event_id: 'mine' });
  });

  test.each([
    ['words of the user, on older models', flash, 'user', [{ type: 'input_text', text: 'x' }]],
    ['words of the assistant', plus, 'assistant', [{ type: 'text', text: 'x' }]],
    ['pictures in messages', plus, 'user', [{ type: 'input_image', image_url: 'data:image/jpeg;base64,' }]],
  ] as const)('%s', async (_, model, role, content) => {
    const driver = await model();
    driver.send({ type: 'conversation.item.create', item: { type: 'message', role, content } });
    expect(driver.error).toMatchObject({ code: 'invalid_value' });
  });
});

describe('images at DashScope', () => {
  const show = (image: string) => ({ type: 'input_image_buffer.append', image });

  test('come after sound, and with it', async () => {
    const driver = await plus({ scenario: { turns: [{ heard: 'What is this?', said: 'A cat.' }] } });
    driver.send({ type: 'session.update', session: { turn_detection: null } });
    driver.send(show(jpeg));
    expect(driver.error).toMatchObject({
      type: 'invalid_request_error',
      code: '',
      message: 'Error append image before append audio.',
    });
    await driver.hear(noisySpeech(500, rateHz), 320);
    driver.forget();
    driver.send(show(jpeg), { type: 'input_audio_buffer.commit' }, { type: 'response.create' });
    await driver.clock.advance(5000);
    expect(driver.types).not.toContain('error');
    expect(driver.all('conversation.item.created')).toHaveLength(2);
    expect(driver.last('response.audio_transcript.done').transcript).toBe('A cat.');
    expect(record(response(driver).usage)).toMatchObject({ input_tokens_details: { video_tokens: 85 } });
  });

  test('belong to the speech they were shown with', async () => {
    const driver = await plus({ scenario: { turns: [{ heard: 'And this?', said: 'A dog.' }] } });
    await driver.hear(silence(300, rateHz), 320);
    await driver.hear(noisySpeech(600, rateHz), 320);
    driver.send(show(jpeg));
    await driver.hear(silence(1200, rateHz), 320);
    await driver.clock.advance(5000);
    expect(record(response(driver).usage)).toMatchObject({ input_tokens_details: { video_tokens: 85 } });
  });

  test.each([
    ['are JPEG', Buffer.from('GIF89a').toString('base64'), 0],
    ['have a largest size', jpeg + 'A'.repeat(262_144), 0],
    ['come once a second', jpeg, 500],
  ])('%s', async (_, image, afterMs) => {
    const driver = await plus();
    await driver.hear(noisySpeech(100, rateHz), 320);
    if (afterMs > 0) {
      driver.send(show(jpeg));
      await driver.clock.advance(afterMs);
    }
    expect(driver.types).not.toContain('error');
    driver.send(show(image));
    expect(driver.error).toMatchObject({ code: 'invalid_value', param: 'image' });
  });

  test('are ignored by the family without vision', async () => {
    const driver = await qwen('qwen-audio-3.0-realtime-flash');
    driver.send(show(jpeg));
    expect(driver.types).toEqual(['session.created']);
  });
});

describe('limits of DashScope', () => {
  test('a client that sends nothing for three minutes is disconnected', async () => {
    const driver = await plus();
    await driver.clock.advance(170_000);
    driver.send({ type: 'session.update', session: {} });
    await driver.clock.advance(170_000);
    expect(driver.closed).toBeUndefined();
    await driver.clock.advance(11_000);
    expect(driver.error).toMatchObject({ code: 'user_idle_timeout' });
    expect(driver.closed).toMatchObject({ code: 1000 });
  });

  test('two hours are the end', async () => {
    const driver = await plus();
    for (let minute = 0; minute < 119; minute += 1) {
      await driver.clock.advance(60_000);
      driver.send({ type: 'session.update', session: {} });
    }
    expect(driver.closed).toBeUndefined();
    await driver.clock.advance(60_000);
    expect(driver.error).toMatchObject({ code: 'session_expired' });
  });
});
