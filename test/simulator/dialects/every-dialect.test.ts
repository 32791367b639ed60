import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DialectId } from '../../../src/simulator/wire/dialect-ids.js';
import { settle } from '../fake-clock.js';
import { noisySpeech, type SessionDriver } from '../session-driver.js';
import { connect } from './dialect-driver.js';

/** Dialects whose frames are variants of OpenAI's. */
const dialects: readonly { id: DialectId; path: string; rateHz: number; delta: string }[] = [
  { id: 'openai', path: '/v1/realtime', rateHz: 24_000, delta: 'response.output_audio.delta' },
  { id: 'beta', path: '/v1/realtime', rateHz: 24_000, delta: 'response.audio.delta' },
  {
    id: 'azure',
    path: '/openai/v1/realtime?model=gpt-realtime',
    rateHz: 24_000,
    delta: 'response.output_audio.delta',
  },
  { id: 'dashscope', path: '/api-ws/v1/realtime', rateHz: 16_000, delta: 'response.audio.delta' },
  { id: 'volcengine', path: '/v1/realtime', rateHz: 16_000, delta: 'response.audio.delta' },
  {
    id: 'yandex',
    path: '/v1/realtime?model=gpt://f/speech-realtime-260528',
    rateHz: 24_000,
    delta: 'response.output_audio.delta',
  },
  { id: 'xai', path: '/v1/realtime', rateHz: 24_000, delta: 'response.output_audio.delta' },
];

/** A turn that the client ends, which all of them support, and its whole answer. */
async function turn(driver: SessionDriver, rateHz: number): Promise<void> {
  await driver.hear(noisySpeech(400, rateHz), rateHz / 50);
  driver.send({ type: 'input_audio_buffer.commit' });
  await driver.clock.advance(500);
  driver.send({ type: 'response.create' });
  await driver.clock.advance(20_000);
}

const words = 'x'.repeat(61);

describe.each(dialects)('one scenario plays on $id', ({ id, path, rateHz, delta }) => {
  const play = async (faults: object): Promise<SessionDriver> => {
    const driver = await connect(id, { path, scenario: { turns: [{ heard: 'Go.', said: words, faults }] } });
    await turn(driver, rateHz);
    return driver;
  };

  test('without faults', async () => {
    const driver = await play({});
    expect(driver.all(delta)).toHaveLength(20);
    expect(driver.all('response.done')).toHaveLength(1);
    expect(driver.closed).toBeUndefined();
  });

  test('with an answer that was never announced', async () => {
    const driver = await play({ dropResponseCreated: true });
    expect(driver.types).not.toContain('response.created');
    expect(driver.types).toContain('response.done');
  });

  test('with sound that comes twice', async () => {
    expect((await play({ duplicateDelta: 2 })).all(delta)).toHaveLength(21);
  });

  test('with a frame that is broken', async () => {
    const driver = await play({ garbage: { afterDeltas: 2, frame: '{"type": "respon' } });
    expect(driver.frames).toContain('{"type": "respon');
    expect(driver.types).toContain('response.done');
  });

  test('with a connection that is closed', async () => {
    const driver = await play({ close: { code: 1011, reason: 'gone', afterDeltas: 3 } });
    expect(driver.all(delta)).toHaveLength(3);
    expect(driver.closed).toEqual({ code: 1011, reason: 'gone' });
  });
});

const types = fc.constantFrom(
  'session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'input_image_buffer.append',
  'conversation.item.create',
  'conversation.item.delete',
  'conversation.item.retrieve',
  'conversation.item.truncate',
  'response.create',
  'response.cancel',
);
const keys = fc.constantFrom(
  'session',
  'item',
  'response',
  'audio',
  'image',
  'tools',
  'turn_detection',
  'modalities',
  'output_modalities',
  'voice',
  'prompt',
  'variables',
  'content',
  'input',
  'output',
  'format',
  'type',
  'role',
  'input_audio_transcription',
  'item_id',
  'audio_end_ms',
  'content_index',
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1, 1e308, '', 'x', 'message', 'user', 'server_vad', 'audio', '{}'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
  ),
}));
const request = fc
  .tuple(types, fc.dictionary(keys, anything.value, { maxKeys: 4 }))
  .map(([type, fields]) => ({ ...fields, type }));
const frame = fc.oneof(
  request.map((value) => JSON.stringify(value)),
  anything.value.map((value) => JSON.stringify(value) ?? ''),
  fc.string(),
);

test.each(dialects)('$id survives whatever a client sends', async ({ id, path }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 12 }), async (frames) => {
      const driver = await connect(id, { path });
      for (const text of frames) driver.session.receive(text);
      await settle();
      // A client's mistake is never reported as a fault of the server.
      const own = driver.all('error').filter(({ error }) => JSON.stringify(error).includes('internal_error'));
      expect(own.filter(({ error }) => !JSON.stringify(error).includes('"Internal error"'))).toEqual([]);
      expect(driver.closed).toBeUndefined();
      driver.forget();
      driver.send({ type: 'response.cancel' });
      driver.session.end();
    }),
    { numRuns: 150 },
  );
});
