import { describe, expect, test } from 'vitest';
import { loadDialect } from '../../../../src/simulator/dialects/table.js';
import { noisySpeech, record, type SessionDriver } from '../../session-driver.js';
import {
  connect,
  countingMind,
  judge,
  refusalOf,
  response,
  session,
  soundBytes,
  speakAt,
  type Visit,
  visit,
  weatherScenario,
  weatherTool,
} from '../dialect-driver.js';

const long = { heard: 'How are you today?', said: 'x'.repeat(61) };
const grok = (options: Visit = {}) => connect('xai', options);

function conversationId(driver: SessionDriver): string {
  return String(record(driver.last('conversation.created').conversation).id);
}

describe('connecting to xAI', () => {
  test('takes a bearer or a short-lived key among the subprotocols', async () => {
    const dialect = await loadDialect('xai');
    const headers = { authorization: 'Bearer k' };
    expect(judge(dialect, '/v1/realtime', { headers, token: 'k' }).kind).toBe('accepted');
    expect(judge(dialect, '/v1/realtime', { protocols: ['xai-client-secret.k'], token: 'k' }).kind).toBe(
      'accepted',
    );
    expect(dialect.protocol?.(new Set(['xai-client-secret.k']))).toBe('xai-client-secret.k');
    expect(refusalOf(judge(dialect, '/v1/realtime', { headers, token: 'other' })).status).toBe(401);
  });

  test('has a default model, and says nothing about it', async () => {
    const driver = await grok();
    expect(driver.types).toEqual(['session.created', 'conversation.created']);
    expect(session(driver, 'session.created')).toMatchObject({
      model: 'grok-voice-latest',
      voice: 'eve',
      turn_detection: { type: 'server_vad', threshold: 0.85 },
    });
    expect(conversationId(driver)).toMatch(/^conv_/);
  });
});

describe('the session of xAI', () => {
  test('has voice and turns at its top, and tools of the server', async () => {
    const driver = await grok();
    const patch = {
      voice: 'Leo',
      instructions: 'Be brief.',
      turn_detection: { type: 'server_vad', threshold: 0.9, silence_duration_ms: 800 },
      reasoning: { effort: 'none' },
      resumption: { enabled: true },
      audio: {
        input: { format: { type: 'audio/pcm', rate: 16_000 }, transcription: { language_hint: 'de' } },
        output: { format: { type: 'audio/pcm', rate: 8000 } },
      },
      tools: [
        weatherTool,
        { type: 'web_search' },
        { type: 'mcp', server_label: 'x', server_url: 'https://x.test' },
      ],
    };
    driver.send({ type: 'session.update', session: patch });
    const { audio, turn_detection, ...rest } = patch;
    expect(session(driver)).toMatchObject({ ...rest, turn_detection });
    driver.send({ type: 'session.update', session: { turn_detection: { type: null } } });
    expect(session(driver)).toMatchObject({ turn_detection: { type: null }, voice: 'Leo' });
  });

  test.each<[string, object]>([
    ['a threshold outside its range', { turn_detection: { type: 'server_vad', threshold: 0.95 } }],
    [
      'a silence of more than ten seconds',
      { turn_detection: { type: 'server_vad', silence_duration_ms: 10_001 } },
    ],
    ['a rate between the known ones', { audio: { output: { format: { type: 'audio/pcm', rate: 12_345 } } } }],
    ['detection by meaning that is misspelt', { turn_detection: { type: 'smart' } }],
  ])('refuses %s', async (_, patch) => {
    const driver = await grok();
    driver.send({ type: 'session.update', session: patch });
    expect(driver.error).toMatchObject({ type: 'invalid_request_error' });
  });

  test.each<[string, object]>([
    ['truncation', { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 1 }],
    [
      'pictures',
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_image', image_url: 'data:' }] },
      },
    ],
  ])('knows no %s', async (_, request) => {
    const driver = await grok();
    driver.send({ event_id: 'mine', ...request });
    expect(driver.error).toMatchObject({ type: 'invalid_request_error', event_id: 'mine' });
  });
});

describe('a turn at xAI', () => {
  test('writes down growing words, and counts usage at the top', async () => {
    const driver = await grok({ scenario: { turns: [long] } });
    await driver.speak();
    await driver.clock.advance(5000);
    const prefix = 'conversation.item.input_audio_transcription';
    expect(driver.all(`${prefix}.updated`).map(({ transcript }) => transcript)).toEqual([
      'How',
      'How are',
      'How are you',
      'How are you today?',
    ]);
    expect(driver.last(`${prefix}.completed`).transcript).toBe(long.heard);
    expect(driver.types).not.toContain(`${prefix}.delta`);
    expect(response(driver)).toMatchObject({
      status: 'completed',
      status_details: 'unimplemented',
      usage: {},
    });
    expect(response(driver).usage).toEqual({});
    expect(driver.last('response.done').usage).toMatchObject({ input_tokens: expect.any(Number) });
    expect(driver.types).not.toContain('rate_limits.updated');
  });

  test.each([8000, 22_050, 44_100, 48_000])('is heard and spoken at %i Hz', async (rateHz) => {
    const driver = await grok({ scenario: { turns: [long] } });
    const format = { type: 'audio/pcm', rate: rateHz };
    driver.send({ type: 'session.update', session: { audio: { input: { format }, output: { format } } } });
    await speakAt(driver, rateHz);
    await driver.clock.advance(5000);
    expect(Number(driver.last('input_audio_buffer.speech_stopped').audio_end_ms)).toBeGreaterThan(1500);
    expect(soundBytes(driver, 'response.output_audio.delta') / 2 / rateHz).toBeCloseTo(3.965, 1);
  });

  test('is spoken at the rate asked for, and always spoken', async () => {
    const driver = await grok({ scenario: { turns: [long] } });
    driver.send({
      type: 'session.update',
      session: { audio: { output: { format: { type: 'audio/pcm', rate: 48_000 } } } },
    });
    await driver.ask('go', { modalities: ['text'] });
    expect(soundBytes(driver, 'response.output_audio.delta') / 2 / 48_000).toBeCloseTo(3.965, 1);
  });

  test('tool calls are items with a role of their own', async () => {
    const driver = await grok({ scenario: weatherScenario });
    driver.send({ type: 'session.update', session: { tools: [weatherTool] } });
    await driver.speak();
    await driver.clock.advance(1000);
    const item = record(driver.last('response.output_item.done').item);
    expect(item).toMatchObject({ type: 'function_call', role: 'tool', name: 'get_weather' });
    driver.send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: item.call_id, output: '{"weather":"fine"}' },
      },
      { type: 'response.create' },
    );
    await driver.clock.advance(5000);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('It is fine.');
  });

  test('ends when the user speaks', async () => {
    const driver = await grok({ scenario: { turns: [long] } });
    await driver.speak();
    await driver.clock.advance(300);
    await driver.hear(noisySpeech(400));
    expect(response(driver)).toMatchObject({ status: 'cancelled', status_details: 'unimplemented' });
  });
});

describe('the connection to xAI', () => {
  test('is pinged in JSON every ten seconds, until it ends', async () => {
    const driver = await grok();
    await driver.clock.advance(35_000);
    expect(driver.all('ping')).toHaveLength(3);
    driver.session.end();
    expect(driver.clock.waiting).toBe(0);
  });

  test('resumes a conversation for half an hour', async () => {
    const dialect = await loadDialect('xai');
    const stages = { mind: countingMind };
    const first = visit(dialect, { stages });
    first.send({ type: 'session.update', session: { resumption: { enabled: true } } });
    await first.ask('Remember 42.');
    first.session.end();
    const id = conversationId(first);
    const again = (options: Visit = {}) =>
      visit(dialect, { path: `/v1/realtime?conversation_id=${id}`, stages, firstId: 1000, ...options });

    const next = again();
    expect(next.types).toEqual([
      'session.created',
      'conversation.created',
      'conversation.item.added',
      'conversation.item.added',
    ]);
    expect(conversationId(next)).toBe(id);
    expect(next.all('conversation.item.added').map(({ item }) => record(item).role)).toEqual([
      'user',
      'assistant',
    ]);
    await next.ask('What was it?');
    expect(next.last('response.output_audio_transcript.done').transcript).toBe('3 items.');

    const late = again({ clockAheadMs: 31 * 60_000 });
    expect(late.all('conversation.item.added')).toEqual([]);
    expect(conversationId(late)).not.toBe(id);
  });

  test('forgets conversations without resumption', async () => {
    const dialect = await loadDialect('xai');
    const first = visit(dialect);
    await first.ask('Hello.');
    first.session.end();
    const next = visit(dialect, {
      path: `/v1/realtime?conversation_id=${conversationId(first)}`,
      firstId: 1000,
    });
    expect(next.types).toEqual(['session.created', 'conversation.created']);
  });
});
