import { describe, expect, test } from 'vitest';
import { loadDialect } from '../../../../src/simulator/dialects/table.js';
import { connect, judge, refusalOf, response, session } from '../dialect-driver.js';

const path = '/openai/v1/realtime?model=gpt-realtime';
const previewPath = '/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-4o-realtime-preview';

describe('connecting to Azure', () => {
  test.each([
    ['header', path, { 'api-key': 'k' }],
    ['bearer', path, { authorization: 'Bearer k' }],
    ['query parameter', `${path}&api-key=k`, {}],
  ])('takes the key as %s', async (_, address, headers) => {
    const dialect = await loadDialect('azure');
    expect(judge(dialect, address, { headers, token: 'k' }).kind).toBe('accepted');
    expect(refusalOf(judge(dialect, address, { headers, token: 'other' }))).toMatchObject({
      status: 401,
      body: { error: { code: '401', message: expect.stringMatching(/^Access denied/) } },
    });
  });

  test('a version in the new address looks like a wrong key', async () => {
    const verdict = judge(await loadDialect('azure'), `${path}&api-version=2025-04-01-preview`);
    expect(refusalOf(verdict).status).toBe(401);
  });

  test('the old address needs one, and speaks the beta', async () => {
    const dialect = await loadDialect('azure');
    expect(refusalOf(judge(dialect, '/openai/realtime?deployment=gpt-4o-realtime-preview')).status).toBe(404);
    const driver = await connect('azure', { path: previewPath });
    expect(session(driver, 'session.created')).toMatchObject({
      model: 'gpt-4o-realtime-preview',
      input_audio_format: 'pcm16',
    });
  });

  test.each([
    '/openai/v1/realtime?model=nobody',
    '/openai/v1/realtime',
    '/openai/v1/realtime?deployment=gpt-realtime',
  ])('models are deployments: %s', async (address) => {
    expect(refusalOf(judge(await loadDialect('azure'), address))).toMatchObject({
      status: 404,
      body: { error: { code: 'DeploymentNotFound' } },
    });
  });

  test('of any name', async () => {
    const dialect = await loadDialect('azure', { deployments: ['my-voice'] });
    expect(judge(dialect, '/openai/v1/realtime?model=my-voice')).toMatchObject({ model: 'my-voice' });
  });

  test('other paths lead nowhere', async () => {
    expect(refusalOf(judge(await loadDialect('azure'), '/v1/realtime?model=gpt-realtime'))).toMatchObject({
      status: 404,
      body: { error: { code: '404', message: 'Resource not found' } },
    });
  });
});

test.each([
  ['2024-10-01-preview', 0],
  ['2025-04-01-preview', 2],
])('transcripts come in pieces since 2025: %s', async (version, pieces) => {
  const driver = await connect('azure', {
    path: `/openai/realtime?api-version=${version}&deployment=gpt-4o-realtime-preview`,
    scenario: { turns: [{ heard: 'Hello there.', said: 'Good morning.' }] },
  });
  driver.send({ type: 'session.update', session: { input_audio_transcription: { model: 'whisper-1' } } });
  await driver.speak();
  await driver.clock.advance(5000);
  expect(driver.all('conversation.item.input_audio_transcription.delta')).toHaveLength(pieces);
  expect(driver.all('conversation.item.input_audio_transcription.completed')).toHaveLength(1);
});

describe('writing down what is said', () => {
  const prefix = 'conversation.item.input_audio_transcription';

  test.each([
    ['whisper-1', undefined, 'failed'],
    ['gpt-4o-transcribe', undefined, 'completed'],
    ['my-ears', undefined, 'failed'],
    ['my-ears', ['my-ears'], 'completed'],
  ])('with %s (deployed: %s) it has %s', async (model, deployments, outcome) => {
    const driver = await connect('azure', {
      path,
      ...(deployments === undefined ? {} : { deployments }),
      scenario: { turns: [{ heard: 'Hello there.', said: 'Good morning.' }] },
    });
    driver.update({ audio: { input: { transcription: { model } } } });
    await driver.speak();
    await driver.clock.advance(5000);
    const told = driver.types.filter((type) => type.startsWith(prefix) && !type.endsWith('delta'));
    expect(told).toEqual([`${prefix}.${outcome}`]);
    if (outcome === 'failed') {
      expect(driver.last(`${prefix}.failed`)).toMatchObject({
        item_id: expect.any(String),
        content_index: 0,
        error: { code: 'DeploymentNotFound' },
      });
    }
    expect(response(driver)).toMatchObject({ status: 'completed' });
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('Good morning.');
  });
});
