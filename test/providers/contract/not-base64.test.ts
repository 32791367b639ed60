import { describe, expect, it } from 'vitest';
import { azure } from '../../../src/providers/azure/provider.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';
import { gemini } from '../../../src/providers/gemini/provider.js';
import { openai } from '../../../src/providers/openai/provider.js';
import type { ConnectionSettings, Provider } from '../../../src/providers/provider.js';
import { volcengine } from '../../../src/providers/volcengine/provider.js';
import { xai } from '../../../src/providers/xai/provider.js';
import { yandex } from '../../../src/providers/yandex/provider.js';
import { loadSessions } from './golden-frames.js';

const providers: readonly (readonly [string, Provider, ConnectionSettings])[] = [
  [
    'azure',
    azure,
    {
      model: 'my-realtime',
      env: { AZURE_OPENAI_API_KEY: 'test', AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com/' },
    },
  ],
  [
    'beta',
    openai,
    {
      model: 'old-model',
      env: { OPENAI_API_KEY: 'test' },
      url: 'ws://127.0.0.1:8000/v1',
      options: { compat: { dialect: 'beta' } },
    },
  ],
  ['dashscope', dashscope, { model: dashscope.defaultModel, env: { DASHSCOPE_API_KEY: 'test' } }],
  ['gemini', gemini, { model: gemini.defaultModel, env: { GEMINI_API_KEY: 'test' } }],
  ['openai', openai, { model: openai.defaultModel, env: { OPENAI_API_KEY: 'test' } }],
  ['volcengine', volcengine, { model: volcengine.defaultModel, env: { VOLCENGINE_API_KEY: 'test' } }],
  ['xai', xai, { model: xai.defaultModel, env: { XAI_API_KEY: 'test' } }],
  [
    'yandex',
    yandex,
    { model: yandex.defaultModel, env: { YANDEX_API_KEY: 'test', YANDEX_FOLDER_ID: 'test' } },
  ],
];

const sound = Buffer.alloc(960, 0x5c);

describe.each(providers)('sound of %s', (folder, provider, settings) => {
  /** A recorded session up to its first sound, whose data is replaced. */
  function decoded(data: string) {
    for (const { steps } of loadSessions(folder)) {
      const at = steps.findIndex(({ events }) => events.some(({ type }) => type === 'audio.delta'));
      if (at < 0) continue;
      const codec = provider.codec(settings);
      codec.open();
      for (const { frame } of steps.slice(0, at)) codec.decode(JSON.stringify(frame));
      return codec.decode(
        JSON.stringify(steps[at]?.frame, (key, value: unknown) => (isSound(key) ? data : value)),
      );
    }
    throw new Error(`no sound in test/fixtures/frames/${folder}`);
  }

  function isSound(key: string): boolean {
    return key === 'delta' || key === 'data';
  }

  it('is played where it is base64', () => {
    const types = decoded(sound.toString('base64')).map(({ type }) => type);
    expect(types).toContain('audio.delta');
    expect(types).not.toContain('error');
  });

  it.each([
    ['words', 'The voice is not available at the moment, please try again.'],
    ['a data address', `data:audio/pcm;base64,${sound.toString('base64')}`],
    ['hexadecimal', sound.toString('hex')],
    ['bytes as text', sound.toString('latin1')],
    ['JSON', JSON.stringify({ audio: sound.toString('base64') })],
  ])('is refused in words where it is %s', (_, data) => {
    const events = decoded(data);
    expect(events.filter(({ type }) => type === 'audio.delta')).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'error',
        code: 'frame.unreadable',
        fatal: false,
        message: expect.stringContaining('is not base64'),
      }),
    );
  });
});
