import { describe, expect, it } from 'vitest';
import { runCheck } from '../../../src/commands/doctor/check.js';
import { engineChecks } from '../../../src/commands/doctor/engine-checks.js';
import { resolveSettings } from '../../../src/config/load.js';
import type { Settings } from '../../../src/config/settings.js';
import type { Engines } from '../../../src/engines/core/engine-config.js';
import { bodyOf, FakeEngines, formOf, json, stream, tonePcm } from '../../engines/fake-engines.js';
import { memoryIo } from '../session/memory-io.js';

async function settingsWith(engines: Engines, model?: string): Promise<Settings> {
  const { io } = memoryIo();
  const settings = await resolveSettings(model === undefined ? {} : { model }, {}, io);
  return { ...settings, options: { engines } };
}

async function findings(engines: Engines, model?: string) {
  const checks = engineChecks(await settingsWith(engines, model));
  return Promise.all(checks.map((check) => runCheck(check)));
}

const models = json(200, { data: [{ id: 'qwen3:latest' }, { id: 'gemma3' }] });
const answer = json(200, { choices: [{ message: { content: 'Yes' }, finish_reason: 'length' }] });

describe('the engines of the configuration', () => {
  it('are not asked about where there are none', async () => {
    expect(await findings({})).toEqual([]);
  });

  it('each answers one cheap request, and what it took is told', async () => {
    const fake = await FakeEngines.start({
      '/v1/models': models,
      '/v1/audio/transcriptions': json(200, { text: '' }),
      '/v1/chat/completions': answer,
      '/v1/audio/speech': stream('audio/pcm', [tonePcm(500)]),
    });
    const { url } = fake;
    const found = await findings({
      hear: { url },
      think: { url, model: 'qwen3' },
      speak: { url, voice: 'af_heart' },
      turns: { type: 'energy' },
    });
    expect(found).toMatchObject([
      { id: 'engine-turns', status: 'ok', detail: expect.stringMatching(/energy: ready/) },
      { id: 'engine-hear', status: 'ok', detail: expect.stringMatching(/0\.3 s of silence in \d+ ms/) },
      {
        id: 'engine-think',
        status: 'ok',
        detail: expect.stringMatching(/^qwen3 at http.*first token in \d+ ms, takes tools/),
      },
      {
        id: 'engine-speak',
        status: 'ok',
        detail: expect.stringMatching(/^af_heart at.*0\.5 s of sound at 24 kHz/),
      },
    ]);
    const [heard] = fake.to('/v1/audio/transcriptions');
    const [thought] = fake.to('/v1/chat/completions');
    if (heard === undefined || thought === undefined) throw new Error('not asked');
    expect((await formOf(heard)).file.length).toBe(44 + 9600);
    // The request of a conversation: OpenAI's reasoning models refuse `max_tokens`, for example.
    expect(Object.keys(bodyOf(thought))).toEqual(['model', 'messages', 'stream', 'stream_options', 'tools']);
    expect(bodyOf(thought)).toMatchObject({ model: 'qwen3', stream: true });
  });

  it('a model that was named on the command line is the one that is tried', async () => {
    const fake = await FakeEngines.start({ '/v1/models': models, '/v1/chat/completions': answer });
    const [found] = await findings({ think: { url: fake.url, model: 'qwen3' } }, 'llama9');
    expect(found).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/does not list the model llama9/),
      remedy: expect.stringMatching(/qwen3:latest, gemma3.*engines\.think\.model/),
    });
  });

  it('a model without tools is a warning', async () => {
    const fake = await FakeEngines.start({
      '/v1/chat/completions': async (asked, response) => {
        const refusal = json(400, { error: { message: 'gemma3 does not support tools' } });
        await (bodyOf(asked).tools === undefined ? answer : refusal)(asked, response);
      },
    });
    const [found] = await findings({ think: { url: fake.url, model: 'gemma3' } });
    expect(found).toMatchObject({ status: 'warning', detail: expect.stringMatching(/takes no tools/) });
  });

  it('each failure has its remedy and exit code', async () => {
    const fake = await FakeEngines.start({ '/v1/audio/speech': json(500, { error: 'no such voice' }) });
    const { url } = fake;
    const gone = await FakeEngines.start();
    const { url: nowhere } = gone;
    await gone.stop();
    const found = await findings({
      hear: { url: nowhere },
      think: { url, keyVariable: 'ABSENT_KEY' },
      speak: { url },
      turns: { type: 'silero' },
    });
    expect(found).toMatchObject([
      { status: 'failed', exitCode: 3, remedy: expect.stringMatching(/silero_vad\.onnx/) },
      {
        status: 'failed',
        exitCode: 6,
        detail: expect.stringMatching(/is not running/),
        remedy: expect.stringMatching(/Start it/),
      },
      { status: 'failed', exitCode: 3, detail: expect.stringMatching(/ABSENT_KEY is not set/) },
      { status: 'failed', exitCode: 6, detail: expect.stringMatching(/failed \(500\): no such voice/) },
    ]);
  });
});
