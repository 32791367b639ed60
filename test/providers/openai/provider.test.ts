import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { openai } from '../../../src/providers/openai/provider.js';
import type { ConnectionSettings } from '../../../src/providers/provider.js';

const model = 'gpt-realtime-2.1';
const key = 'sk-proj-0123456789abcdef';

function refusal(env: Record<string, string>, url?: string): VoxtermError {
  try {
    openai.endpoint({ model, env, url });
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('endpoint', () => {
  it('is the generally available one', () => {
    expect(openai.endpoint({ model, env: { OPENAI_API_KEY: key } })).toEqual({
      url: 'wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1',
      headers: { Authorization: `Bearer ${key}` },
    });
  });

  it('names organization and project, under either name of the variables', () => {
    const headers = {
      Authorization: `Bearer ${key}`,
      'OpenAI-Organization': 'org-1',
      'OpenAI-Project': 'proj_1',
    };
    const short = { OPENAI_API_KEY: key, OPENAI_ORGANIZATION: 'org-1', OPENAI_PROJECT: 'proj_1' };
    const long = { OPENAI_API_KEY: key, OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'proj_1' };
    expect(openai.endpoint({ model, env: short }).headers).toEqual(headers);
    expect(openai.endpoint({ model, env: long }).headers).toEqual(headers);
  });

  it('needs a key, and says where to get one and what works without', () => {
    const unset: Record<string, string>[] = [{}, { OPENAI_API_KEY: '' }];
    for (const env of unset) {
      const error = refusal(env);
      expect(error).toMatchObject({ exitCode: 3, code: 'credentials.missing' });
      expect(error.message).toContain('OPENAI_API_KEY');
      expect(error.hint).toContain('https://platform.openai.com/api-keys');
      expect(adviceOn(error)).toContain('--url');
      expect(adviceOn(error)).toContain('--provider local');
    }
  });

  it('needs no key for another server, but sends one if it is set', () => {
    const url = 'ws://127.0.0.1:8000/v1';
    expect(openai.endpoint({ model, env: {}, url }).headers).toEqual({});
    expect(openai.endpoint({ model, env: { OPENAI_API_KEY: key }, url }).headers).toEqual({
      Authorization: `Bearer ${key}`,
    });
  });

  it.each([`${key}\n`, ` ${key}`, `"${key}"`, `'${key}'`, `${key}\r\nX-Evil: 1`, 'sk-schlüssel', ' '])(
    'refuses a key that would break the header, without printing it (%#)',
    (value) => {
      for (const url of [undefined, 'ws://localhost']) {
        const error = refusal({ OPENAI_API_KEY: value }, url);
        expect(error).toMatchObject({ exitCode: 3, code: 'credentials.malformed' });
        expect(error.message).toContain('OPENAI_API_KEY');
        expect(`${error.message} ${error.hint}`).not.toContain('sk-');
      }
    },
  );
});

describe('profile', () => {
  it.each([
    ['gpt-realtime-2.1', true],
    ['gpt-realtime-2', true],
    ['gpt-realtime-2.1-mini', true],
    ['gpt-realtime', false],
    ['gpt-realtime-1.5', false],
    ['gpt-realtime-2025-08-28', false],
    ['gpt-realtime-mini-2025-12-15', false],
  ])('%s calls several functions at once: %s', (name, parallel) => {
    expect(openai.profile(name).parallelTools).toBe(parallel);
  });
});

describe('settings', () => {
  const update = (model: string, settings: SessionSettings) => {
    const [frame] = openai.codec({ model, env: {} }).encode({ type: 'session.update', settings });
    return JSON.parse(String(frame)).session;
  };
  const notes = (model: string, settings: SessionSettings) => {
    return openai.notes?.(settings, { model, env: {} }).map(({ code }) => code);
  };

  it.each([
    ['gpt-realtime-2.1', true],
    ['gpt-realtime', false],
    ['gpt-realtime-1.5', false],
    ['gpt-audio-mini', false],
    ['my-own-model', true],
  ])('%s gets a reasoning effort: %s', (model, supported) => {
    expect(openai.profile(model).settings.includes('reasoningEffort')).toBe(supported);
    expect('reasoning' in update(model, { reasoningEffort: 'high' })).toBe(supported);
  });

  it('sends no temperature, which would make the server refuse the update', () => {
    expect(openai.profile('gpt-realtime-2.1').settings).not.toContain('temperature');
    expect(update('gpt-realtime-2.1', { temperature: 0.8 })).not.toHaveProperty('temperature');
  });

  it('cannot switch reasoning off, and says what it uses instead', () => {
    expect(update('gpt-realtime-2.1', { reasoningEffort: 'none' })).toMatchObject({
      reasoning: { effort: 'minimal' },
    });
    expect(notes('gpt-realtime-2.1', { reasoningEffort: 'none' })).toEqual(['setting.adjusted']);
    expect(notes('gpt-realtime-2.1', { reasoningEffort: 'low' })).toEqual([]);
  });

  it('sends no prompt to the transcription model that refuses one', () => {
    const transcription = {
      model: 'gpt-realtime-whisper',
      language: 'de',
      prompt: 'Towns',
      keywords: ['Oslo'],
    };
    expect(update('gpt-realtime-2.1', { transcription, noiseReduction: 'near' }).audio.input).toEqual({
      format: { type: 'audio/pcm', rate: 24_000 },
      noise_reduction: { type: 'near_field' },
      transcription: { model: 'gpt-realtime-whisper', language: 'de' },
    });
    expect(notes('gpt-realtime-2.1', { transcription })).toEqual(['setting.ignored']);
  });

  it('sends keywords as a list to models that support one, and in the prompt to others', () => {
    const heard = (model: string) => {
      const transcription = { model, prompt: 'Towns.', keywords: ['Oslo', 'Bergen'] };
      return update('gpt-realtime-2.1', { transcription }).audio.input.transcription;
    };
    expect(heard('gpt-transcribe')).toEqual({
      model: 'gpt-transcribe',
      prompt: 'Towns.',
      keywords: ['Oslo', 'Bergen'],
    });
    expect(heard('whisper-1')).toEqual({ model: 'whisper-1', prompt: 'Towns. Oslo, Bergen' });
  });

  it.each([
    ['gpt-realtime', true],
    ['gpt-realtime-2025-08-28', true],
    ['gpt-realtime-mini-2025-12-15', true],
    ['gpt-audio-mini', true],
    ['gpt-realtime-2.1', false],
    ['gpt-realtime-2.1-mini', false],
    ['gpt-realtime-1.5', false],
  ])('%s will be switched off: %s', (model, retiring) => {
    expect(notes(model, {})).toEqual(retiring ? ['model.retiring'] : []);
  });

  it('follows a call in progress', () => {
    const env = { OPENAI_API_KEY: key };
    const url = 'wss://api.openai.com/v1/realtime?call_id=rtc_1';
    expect(openai.endpoint({ model, env, url }).url).toBe(url);
  });
});

describe('explainClose', () => {
  it.each([
    [4000, 'invalid_request_error.beta_api_shape_disabled', 'refused', /old beta dialect/],
    [3000, 'invalid_request_error.invalid_api_key', 'credentials', /refused the key/],
    [4000, 'insufficient_quota.insufficient_quota', 'refused', /limit is used up/],
    [1008, 'invalid_request_error.model_not_found', 'refused', /does not offer this model/],
    [1001, 'Your session hit the maximum duration of 60 minutes', 'expired', /60 minutes/],
    [1000, 'session_expired', 'expired', /60 minutes/],
    [1008, 'no reason', 'refused', /It says: no reason/],
    [1011, 'keepalive ping timeout', 'network', /internal error.*keepalive ping timeout/],
  ])('%s %s is %s', (code, reason, cause, words) => {
    const meaning = openai.explainClose?.(code, reason);
    expect(meaning).toMatchObject({ cause });
    expect(meaning?.message).toMatch(words);
  });

  it('leaves the rest to the general explanation', () => {
    expect(openai.explainClose?.(1001, '')).toBeUndefined();
    expect(openai.explainClose?.(1006, '')).toBeUndefined();
  });
});

describe('explainRefusal', () => {
  it.each<[string, Partial<ConnectionSettings>, RegExp]>([
    ['the key', { url: 'ws://127.0.0.1:8000' }, /OPENAI_API_KEY or a header \(providers\.openai\.headers\)/],
    [
      'the header',
      { url: 'ws://127.0.0.1:8000', options: { headers: { authorization: 'Basic x' } } },
      /header authorization .*\(providers\.openai\.headers\)/,
    ],
  ])('of another server names what it refused: %s', (_what, connection, hint) => {
    const meaning = openai.explainRefusal?.(401, '', { model, env: {}, ...connection });
    expect(meaning).toMatchObject({ cause: 'credentials' });
    expect(adviceOn({ code: 'credentials.refused', ...meaning })).toMatch(hint);
    // OpenAI itself gets the general explanation.
    expect(openai.explainRefusal?.(401, '', { model, env: {} })).toBeUndefined();
  });

  it('distinguishes an empty account from too many requests', () => {
    const empty = '{"error":{"code":"insufficient_quota","message":"You exceeded your current quota."}}';
    const busy = '{"error":{"code":"rate_limit_exceeded","message":"Slow down."}}';
    expect(openai.explainRefusal?.(429, empty)).toMatchObject({ cause: 'refused', fatal: true });
    expect(openai.explainRefusal?.(429, busy)).toMatchObject({ cause: 'refused', fatal: false });
    expect(openai.explainRefusal?.(429, busy)?.message).toContain('Slow down.');
  });
});
