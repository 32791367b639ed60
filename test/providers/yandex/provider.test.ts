import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { ConnectionSettings } from '../../../src/providers/provider.js';
import { yandex } from '../../../src/providers/yandex/provider.js';

const model = yandex.defaultModel;
const key = { YANDEX_API_KEY: 'AQVN-0123456789' };
const env = { ...key, YANDEX_FOLDER_ID: 'b1gfolder' };

function endpoint(settings: Partial<ConnectionSettings>) {
  return yandex.endpoint({ model, env, ...settings });
}

function refusal(settings: Partial<ConnectionSettings>): VoxtermError {
  try {
    endpoint(settings);
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('endpoint', () => {
  it('contains the full model in readable form', () => {
    expect(endpoint({})).toEqual({
      url: 'wss://ai.api.cloud.yandex.net/v1/realtime?model=gpt://b1gfolder/speech-realtime-260528',
      headers: { Authorization: 'Api-Key AQVN-0123456789' },
    });
  });

  it('prefers the folder of the configuration to that of the environment', () => {
    expect(endpoint({ options: { folder: 'b1gother' } }).url).toContain('gpt://b1gother/speech');
  });

  it('uses a full model unchanged, and needs no folder then', () => {
    const whole = 'gpt://b1gx/speech-realtime-250923/latest';
    expect(endpoint({ model: whole, env: key }).url).toMatch(
      /\?model=gpt:\/\/b1gx\/speech-realtime-250923\/latest$/,
    );
  });

  it('escapes names in the query', () => {
    const { url } = endpoint({ model: 'a&b#c d' });
    expect(new URL(url).searchParams.get('model')).toBe('gpt://b1gfolder/a&b#c d');
  });

  it('explains that the folder is missing', () => {
    const error = refusal({ env: key });
    expect(error).toMatchObject({ exitCode: 3, code: 'provider.folder-missing' });
    expect(error.message).toContain('YANDEX_FOLDER_ID');
    expect(error.hint).toMatch(/"folder".*gpt:\/\//s);
  });

  it('prefers a key to a token, and accepts a token alone', () => {
    const token = { YANDEX_IAM_TOKEN: 't1.abcdef', YANDEX_FOLDER_ID: 'b1g' };
    expect(endpoint({ env: { ...key, ...token } }).headers).toEqual({
      Authorization: 'Api-Key AQVN-0123456789',
    });
    expect(endpoint({ env: token }).headers).toEqual({ Authorization: 'Bearer t1.abcdef' });
  });

  it('names both variables when neither is set', () => {
    const error = refusal({ env: {} });
    expect(error).toMatchObject({ exitCode: 3, code: 'credentials.missing' });
    expect(error.message).toMatch(/YANDEX_API_KEY.*YANDEX_IAM_TOKEN/);
  });

  it('knows the former address', () => {
    expect(endpoint({ options: { legacy: true } }).url).toBe(
      'wss://rest-assistant.api.cloud.yandex.net/v1/realtime/openai?model=gpt://b1gfolder/speech-realtime-260528',
    );
  });

  it('uses the address of --url, with or without a key', () => {
    expect(endpoint({ url: 'ws://localhost:9000/v1', env: { YANDEX_FOLDER_ID: 'f' } })).toEqual({
      url: 'ws://localhost:9000/v1/realtime?model=gpt://f/speech-realtime-260528',
      headers: {},
    });
    expect(endpoint({ url: 'ws://localhost/v1/realtime?model=mine', env: {} }).url).toBe(
      'ws://localhost/v1/realtime?model=mine',
    );
    expect(endpoint({ url: 'wss://h/v1/realtime?tenant=7' }).url).toBe(
      `wss://h/v1/realtime?model=gpt://b1gfolder/${model}&tenant=7`,
    );
  });
});

describe('profile', () => {
  it('has the configured rate', () => {
    expect(yandex.profile(model).outputRateHz).toBe(24_000);
    expect(yandex.profile(model, { outputRateHz: 44_100 }).outputRateHz).toBe(44_100);
  });
});

describe('notes', () => {
  const codes = (settings: Parameters<NonNullable<typeof yandex.notes>>[0], options = {}) =>
    yandex.notes?.(settings, { model, env, options }).map(({ code }) => code);

  it('are empty if everything works', () => {
    expect(
      codes({ transcription: { language: 'ru' }, turnDetection: { type: 'server', threshold: 0.4 } }),
    ).toEqual([]);
  });

  it.each([
    ['transcription', { transcription: { model: 'whisper-1' } }],
    ['padding', { turnDetection: { type: 'server', prefixPaddingMs: 300 } }],
    ['a second store', { serverTools: [{ type: 'file_search', storeIds: ['a', 'b'] }] }],
  ] as const)('tell what has no effect: %s', (_name, settings) => {
    expect(codes(settings)).toEqual(['setting.ignored']);
  });

  it('warn about an unknown rate, and about the former dialect', () => {
    expect(codes({}, { outputRateHz: 16_000 })).toEqual(['setting.doubtful']);
    expect(codes({}, { legacy: true })).toEqual(['dialect.legacy']);
  });
});

describe('explanations', () => {
  it('explain a close for the model', () => {
    const meaning = yandex.explainClose?.(1008, 'Invalid model URI');
    expect(meaning).toMatchObject({ fatal: true, cause: 'refused' });
    const advice = adviceOn({ code: 'provider.refused', ...meaning });
    expect(`${meaning?.message} ${advice}`).toMatch(/Invalid model URI.*YANDEX_FOLDER_ID.*--model/s);
    expect(yandex.explainClose?.(1006, '')).toBeUndefined();
  });

  it.each([
    [401, 'credentials', true, /YANDEX_IAM_TOKEN/],
    [403, 'credentials', true, /ai\.models\.user/],
    [404, 'refused', true, /gpt:\/\//],
    [429, 'refused', false, /10 sessions/],
  ])('explain HTTP %d', (status, cause, fatal, hint) => {
    const meaning = yandex.explainRefusal?.(status, '');
    expect(meaning).toMatchObject({ cause, fatal });
    expect(meaning?.hint).toMatch(hint);
  });

  it('leave server errors to the general explanation', () => {
    expect(yandex.explainRefusal?.(503, '')).toBeUndefined();
  });
});
