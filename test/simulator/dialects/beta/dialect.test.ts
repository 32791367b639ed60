import { describe, expect, test } from 'vitest';
import { loadDialect } from '../../../../src/simulator/dialects/table.js';
import { noisySpeech, record } from '../../session-driver.js';
import {
  connect,
  judge,
  order,
  refusalOf,
  response,
  session,
  weatherScenario,
  weatherTool,
} from '../dialect-driver.js';

describe('connecting in the beta dialect', () => {
  test('needs no beta header and accepts it', async () => {
    const dialect = await loadDialect('beta');
    const headers = { 'openai-beta': 'realtime=v1' };
    expect(judge(dialect, '/v1/realtime?model=m')).toMatchObject({ kind: 'accepted', model: 'm' });
    expect(judge(dialect, '/v1/realtime?model=m', { headers })).toMatchObject({ kind: 'accepted' });
  });

  test.each([
    ['a bearer', { authorization: 'Bearer secret' }, []],
    ['the header of older clients', { 'api-key': 'secret' }, []],
    ['a subprotocol', {}, ['realtime', 'openai-insecure-api-key.secret']],
  ])('takes the key as %s', async (_, headers, protocols) => {
    const dialect = await loadDialect('beta');
    expect(judge(dialect, '/v1/realtime', { headers, protocols, token: 'secret' }).kind).toBe('accepted');
    expect(refusalOf(judge(dialect, '/v1/realtime', { headers, protocols, token: 'other' }))).toMatchObject({
      status: 401,
      body: { error: { code: 'invalid_api_key' } },
    });
  });

  test('other paths lead nowhere', async () => {
    expect(refusalOf(judge(await loadDialect('beta'), '/v1/chat')).status).toBe(404);
  });
});

describe('the flat session', () => {
  test('is what the server begins with', async () => {
    const driver = await connect('beta');
    const { id, expires_at, ...rest } = session(driver, 'session.created');
    expect(rest).toEqual({
      object: 'realtime.session',
      model: 'gpt-4o-realtime-preview',
      modalities: ['text', 'audio'],
      instructions: '',
      voice: 'alloy',
      speed: 1,
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm16',
      input_audio_transcription: null,
      input_audio_noise_reduction: null,
      turn_detection: {
        type: 'server_vad',
        threshold: 0.5,
        prefix_padding_ms: 300,
        silence_duration_ms: 500,
        create_response: true,
        interrupt_response: true,
      },
      tools: [],
      tool_choice: 'auto',
      tracing: null,
      temperature: 0.8,
      max_response_output_tokens: 'inf',
    });
  });

  test('takes a patch and shows all of it', async () => {
    const driver = await connect('beta');
    const patch = {
      modalities: ['audio', 'text'],
      instructions: 'Be short.',
      voice: 'shimmer',
      input_audio_format: 'g711_ulaw',
      output_audio_format: 'g711_alaw',
      input_audio_transcription: { model: 'whisper-1' },
      turn_detection: null,
      tools: [weatherTool],
      tool_choice: 'auto',
      temperature: 0.6,
      max_response_output_tokens: 500,
    };
    driver.send({ type: 'session.update', session: patch });
    expect(session(driver)).toMatchObject(patch);
    driver.send({ type: 'session.update', session: { modalities: ['text'] } });
    expect(session(driver)).toMatchObject({ ...patch, modalities: ['text'] });
  });

  test.each<[string, object, object]>([
    ['a key of the new dialect', { audio: {} }, { code: 'unknown_parameter', param: 'session.audio' }],
    ['the session type', { type: 'realtime' }, { code: 'unknown_parameter', param: 'session.type' }],
    [
      'sound without words',
      { modalities: ['audio'] },
      { code: 'invalid_value', param: 'session.modalities' },
    ],
    [
      'a format it lacks',
      { input_audio_format: 'opus' },
      { code: 'invalid_value', param: 'session.input_audio_format' },
    ],
    [
      'too cold a model',
      { temperature: 0.1 },
      { code: 'decimal_below_min_value', param: 'session.temperature' },
    ],
    [
      'a threshold above one',
      { turn_detection: { type: 'server_vad', threshold: 1.5 } },
      {
        code: 'decimal_above_max_value',
        param: 'session.turn_detection.threshold',
        message: expect.stringMatching(/^Invalid 'session\.turn_detection\.threshold': /),
      },
    ],
  ])('refuses %s in its own words', async (_, patch, error) => {
    const driver = await connect('beta');
    driver.send({ type: 'session.update', event_id: 'mine', session: { instructions: 'x', ...patch } });
    expect(driver.error).toMatchObject({ ...error, event_id: 'mine' });
    expect(driver.types).not.toContain('session.updated');
  });

  test('what was refused is not shown later', async () => {
    const driver = await connect('beta');
    driver.send({ type: 'session.update', session: { temperature: 1, voice: 'nobody' } });
    driver.send({ type: 'session.update', session: { instructions: 'x' } });
    expect(session(driver)).toMatchObject({ temperature: 0.8 });
  });
});

describe('a turn in the beta dialect', () => {
  test('has the names of the beta, in the order of the beta', async () => {
    const driver = await connect('beta', {
      scenario: { turns: [{ heard: 'Hello there.', said: 'Good morning to you.' }] },
    });
    driver.send({ type: 'session.update', session: { input_audio_transcription: { model: 'whisper-1' } } });
    driver.forget();
    await driver.speak();
    await driver.clock.advance(5000);
    const answer = order(driver).filter(
      (type) => !type.includes('transcription') && !type.includes('.delta'),
    );
    expect(answer).toEqual([
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
      'rate_limits.updated',
    ]);
    expect(driver.last('conversation.item.input_audio_transcription.completed').transcript).toBe(
      'Hello there.',
    );
    expect(driver.all('response.audio.delta').length).toBeGreaterThan(2);
    expect(response(driver)).toMatchObject({
      status: 'completed',
      modalities: ['text', 'audio'],
      voice: 'alloy',
      output_audio_format: 'pcm16',
      output: [{ content: [{ type: 'audio', transcript: 'Good morning to you.' }] }],
      usage: { input_token_details: { cached_tokens: 0 } },
    });
  });

  test('written answers come as text', async () => {
    const driver = await connect('beta', { scenario: { turns: [{ said: 'Yes.' }] } });
    await driver.ask('Are you there?', { modalities: ['text'] });
    expect(driver.last('response.text.done').text).toBe('Yes.');
    expect(driver.types).not.toContain('response.audio.delta');
    expect(response(driver)).toMatchObject({
      modalities: ['text'],
      output: [{ content: [{ type: 'text', text: 'Yes.' }] }],
    });
  });

  test('tools are called and answered', async () => {
    const driver = await connect('beta', { scenario: weatherScenario });
    driver.send({ type: 'session.update', session: { tools: [weatherTool] } });
    await driver.speak();
    await driver.clock.advance(1000);
    const { item } = driver.last('response.output_item.done');
    expect(item).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' });
    expect(driver.last('response.function_call_arguments.done')).not.toHaveProperty('name');
    driver.send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: record(item).call_id, output: '{"weather":"fine"}' },
      },
      { type: 'response.create' },
    );
    await driver.clock.advance(5000);
    expect(driver.last('response.audio_transcript.done').transcript).toBe('It is fine.');
  });

  test('ends when the user speaks, and can be truncated', async () => {
    const driver = await connect('beta', { scenario: { turns: [{ said: 'x'.repeat(61) }] } });
    driver.type('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(300);
    await driver.hear(noisySpeech(400));
    expect(response(driver)).toMatchObject({
      status: 'cancelled',
      status_details: { reason: 'turn_detected' },
    });
    const { item_id } = driver.last('response.audio.delta');
    driver.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 100 });
    expect(driver.last('conversation.item.truncated')).toMatchObject({ item_id, audio_end_ms: 100 });
  });

  test('earlier words of the assistant come back as text', async () => {
    const driver = await connect('beta');
    driver.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Earlier.' }] },
    });
    expect(driver.last('conversation.item.created')).toMatchObject({
      item: { role: 'assistant', content: [{ type: 'text', text: 'Earlier.' }] },
    });
  });

  test('faults of a scenario happen here too', async () => {
    const driver = await connect('beta', {
      scenario: {
        turns: [
          { said: 'x'.repeat(61), faults: { close: { code: 1011, reason: 'broken', afterDeltas: 2 } } },
        ],
      },
    });
    await driver.ask('go');
    expect(driver.all('response.audio.delta')).toHaveLength(2);
    expect(driver.closed).toEqual({ code: 1011, reason: 'broken' });
  });
});
