import { describe, expect, test } from 'vitest';
import { loadDialect } from '../../../../src/simulator/dialects/table.js';
import { noisySpeech, record, type SessionDriver } from '../../session-driver.js';
import {
  connect,
  countingMind,
  judge,
  order,
  refusalOf,
  response,
  session,
  soundBytes,
  type Visit,
  visit,
  weatherScenario,
  weatherTool,
} from '../dialect-driver.js';

const path = '/v1/realtime?model=AG-voice-chat-agent';
const cozePath = `${path}&ag-coze-bot-id=7440000000000000000`;
const long = { heard: 'Hello.', said: 'x'.repeat(61) };

const gateway = (options: Visit = {}) => connect('volcengine', { path, ...options });

/** A turn that the client ends, as it has to. */
async function say(driver: SessionDriver, fields: object = {}): Promise<void> {
  await driver.hear(noisySpeech(500, 16_000), 1600);
  driver.send({ type: 'input_audio_buffer.commit' }, { type: 'response.create', ...fields });
}

describe('connecting to the gateway', () => {
  test('needs a key and the one model it has', async () => {
    const dialect = await loadDialect('volcengine');
    const headers = { authorization: 'Bearer k' };
    expect(judge(dialect, path, { headers, token: 'k' }).kind).toBe('accepted');
    expect(refusalOf(judge(dialect, path, { headers, token: 'other' })).status).toBe(401);
    expect(refusalOf(judge(dialect, '/v1/realtime?model=doubao', { headers })).status).toBe(404);
  });

  test('shows its session, without detection of turns', async () => {
    const driver = await gateway();
    const { id, expires_at, ...rest } = session(driver, 'session.created');
    expect(rest).toEqual({
      object: 'realtime.session',
      model: 'AG-voice-chat-agent',
      modalities: ['text', 'audio'],
      instructions: '',
      voice: 'zh_female_tianmeixiaoyuan_moon_bigtts',
      turn_detection: null,
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm16',
      input_audio_transcription: null,
      tools: [],
      tool_choice: 'auto',
      temperature: 0.8,
      max_response_output_tokens: 'inf',
    });
  });

  test('names the model behind the agent', async () => {
    const driver = await gateway({ path: `${path}&ag-custom-model=doubao-pro-32k-functioncall` });
    expect(session(driver, 'session.created').model).toBe('doubao-pro-32k-functioncall');
  });
});

describe('settings at the gateway', () => {
  test('as its documents give them', async () => {
    const driver = await gateway();
    const patch = {
      modalities: ['audio'],
      instructions: 'Short answers.',
      voice: 'zh_female_tianmeiyueyue_moon_bigtts',
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm16',
      tool_choice: 'auto',
      turn_detection: null,
      input_audio_transcription: { model: 'any' },
      tools: [weatherTool],
      temperature: 0.8,
    };
    driver.send({ type: 'session.update', session: patch });
    expect(session(driver)).toMatchObject(patch);
  });

  test('it detects no turns', async () => {
    const driver = await gateway();
    driver.send({ type: 'session.update', session: { turn_detection: { type: 'server_vad' } } });
    expect(driver.error).toMatchObject({ type: 'invalid_request_error', param: 'session.turn_detection' });
  });

  test('they come before the first sound', async () => {
    const driver = await gateway();
    await driver.hear(noisySpeech(100, 16_000), 1600);
    driver.send({ type: 'session.update', event_id: 'late', session: { instructions: 'x' } });
    expect(driver.error).toMatchObject({ type: 'invalid_request_error', event_id: 'late' });
    expect(driver.types).not.toContain('session.updated');
  });
});

describe('a turn at the gateway', () => {
  test('has its few events, in order, at 16 kHz', async () => {
    const driver = await gateway({ scenario: { turns: [long] } });
    driver.send({ type: 'session.update', session: { input_audio_transcription: { model: 'any' } } });
    driver.forget();
    await say(driver);
    await driver.clock.advance(5000);
    const deltas = /(audio|audio_transcript)\.delta$|transcription/;
    expect(order(driver).filter((type) => !deltas.test(type))).toEqual([
      'input_audio_buffer.committed',
      'response.created',
      'response.output_item.added',
      'response.audio.done',
      'response.audio_transcript.done',
      'response.output_item.done',
      'response.done',
    ]);
    expect(driver.last('conversation.item.input_audio_transcription.completed').transcript).toBe('Hello.');
    expect(soundBytes(driver, 'response.audio.delta') / 2 / 16_000).toBeCloseTo(3.965, 1);
    expect(response(driver)).toEqual({
      id: expect.any(String),
      object: 'realtime.response',
      status: 'completed',
      status_details: null,
      output: [],
      usage: expect.objectContaining({ input_token_details: expect.any(Object) }),
    });
  });

  test('leaves the words out where sound alone is asked for', async () => {
    const driver = await gateway({ scenario: { turns: [long, long] } });
    await say(driver, { response: { modalities: ['audio'] } });
    await driver.clock.advance(5000);
    expect(driver.types).toContain('response.audio.delta');
    expect(driver.types.some((type) => type.includes('audio_transcript'))).toBe(false);
    await say(driver, { response: { modalities: ['text', 'audio'] } });
    await driver.clock.advance(5000);
    expect(driver.types).toContain('response.audio_transcript.done');
  });

  test('calls tools without showing how the arguments grow', async () => {
    const driver = await gateway({ scenario: weatherScenario });
    driver.send({ type: 'session.update', session: { tools: [weatherTool] } });
    await say(driver);
    await driver.clock.advance(1000);
    expect(driver.types).not.toContain('response.function_call_arguments.delta');
    expect(driver.last('response.function_call_arguments.done').arguments).toBe('{"city":"Paris"}');
    const item = record(driver.last('response.output_item.done').item);
    expect(item).toMatchObject({ type: 'function_call', name: 'get_weather', status: 'completed' });
    driver.send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: item.call_id, output: '{"weather":"fine"}' },
      },
      { type: 'response.create' },
    );
    expect(driver.last('conversation.item.created').item).toMatchObject({ type: 'function_call_output' });
    await driver.clock.advance(5000);
    expect(driver.last('response.audio_transcript.done').transcript).toBe('It is fine.');
  });

  test('can be cancelled', async () => {
    const driver = await gateway({ scenario: { turns: [long] } });
    await say(driver);
    await driver.clock.advance(300);
    driver.send({ type: 'response.cancel' });
    expect(response(driver)).toMatchObject({ status: 'cancelled' });
  });

  test.each<[string, object]>([
    [
      'typed words',
      { type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [] } },
    ],
    ['truncation', { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 0 }],
    ['deletion', { type: 'conversation.item.delete', item_id: 'x' }],
    ['clearing', { type: 'input_audio_buffer.clear' }],
  ])('knows no %s', async (_, request) => {
    const driver = await gateway();
    driver.send(request);
    expect(driver.error).toMatchObject({ type: 'invalid_request_error' });
    expect(driver.closed).toBeUndefined();
  });
});

describe('in front of a Coze bot', () => {
  const settings = { instructions: 'Be brief.', tools: [weatherTool] };

  test('instructions and tools have no effect', async () => {
    const driver = await gateway({ path: cozePath, scenario: weatherScenario });
    driver.send({ type: 'session.update', session: settings });
    expect(session(driver)).toMatchObject({ instructions: '', tools: [] });
    await say(driver);
    await driver.clock.advance(5000);
    expect(driver.types).not.toContain('response.function_call_arguments.done');
    expect(response(driver)).toMatchObject({ status: 'completed' });
  });

  test('answers cannot be cancelled', async () => {
    const driver = await gateway({ path: cozePath, scenario: { turns: [long] } });
    await say(driver);
    await driver.clock.advance(300);
    driver.send({ type: 'response.cancel' });
    expect(driver.error).toMatchObject({ type: 'invalid_request_error' });
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'completed' });
  });

  test('a conversation goes on in the next connection, by the id of its session', async () => {
    const dialect = await loadDialect('volcengine');
    const stages = { mind: countingMind };
    const first = visit(dialect, { path: cozePath, stages });
    await say(first);
    await first.clock.advance(5000);
    expect(first.last('response.audio_transcript.done').transcript).toBe('1 items.');
    first.session.end();
    const answerTo = async (id: unknown) => {
      const headers = { 'x-conversation-id': String(id) };
      const next = visit(dialect, { path: cozePath, stages, headers, firstId: 1000 });
      await say(next);
      await next.clock.advance(5000);
      return next.last('response.audio_transcript.done').transcript;
    };
    expect(await answerTo(session(first, 'session.created').id)).toBe('3 items.');
    expect(await answerTo('sess_other')).toBe('1 items.');
  });
});

describe('limits of the gateway', () => {
  test('two minutes without a message', async () => {
    const driver = await gateway();
    await driver.clock.advance(119_000);
    await driver.hear(new Int16Array(160), 160);
    await driver.clock.advance(119_000);
    expect(driver.closed).toBeUndefined();
    await driver.clock.advance(2000);
    expect(driver.error).toMatchObject({ type: 'server_error' });
    expect(driver.closed).toMatchObject({ code: 1000 });
  });

  test('an error of its own ends the connection', async () => {
    const driver = await gateway({
      scenario: { turns: [{ ...long, faults: { error: { afterDeltas: 1 } } }] },
    });
    await say(driver);
    await driver.clock.advance(5000);
    expect(driver.types.at(-1)).toBe('error');
    expect(driver.closed).toMatchObject({ code: 1011 });
  });
});
