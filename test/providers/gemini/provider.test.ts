import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { gemini } from '../../../src/providers/gemini/provider.js';

const model = gemini.defaultModel;
const key = 'AIzaSy-0123456789abcdef';
const host = 'wss://generativelanguage.googleapis.com';
const path = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

function refusal(env: Record<string, string>, url?: string): VoxtermError {
  try {
    gemini.endpoint({ model, env, url });
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('endpoint', () => {
  it('sends the key in a header, by either name of the variable', () => {
    for (const env of [
      { GEMINI_API_KEY: key },
      { GOOGLE_API_KEY: key },
      { GEMINI_API_KEY: key, GOOGLE_API_KEY: 'other' },
    ]) {
      expect(gemini.endpoint({ model, env })).toEqual({
        url: host + path,
        headers: { 'x-goog-api-key': key },
      });
    }
  });

  it('uses the only version and method that accept a token for one session', () => {
    const token = 'auth_tokens/0123456789';
    expect(gemini.endpoint({ model, env: { GEMINI_API_KEY: token } })).toEqual({
      url: `${host}${path.replace('v1beta', 'v1alpha')}Constrained`,
      headers: { Authorization: `Token ${token}` },
    });
  });

  it('needs a key, and says where to get one and what works without', () => {
    const error = refusal({});
    expect(error).toMatchObject({ exitCode: 3, code: 'credentials.missing' });
    expect(error.message).toContain('GEMINI_API_KEY');
    expect(error.hint).toContain('https://aistudio.google.com/apikey');
    expect(adviceOn(error)).toContain('--provider local');
  });

  it('reaches other servers, with a key or without', () => {
    const own = 'ws://127.0.0.1:8000';
    expect(gemini.endpoint({ model, env: {}, url: own })).toEqual({ url: own + path, headers: {} });
    expect(gemini.endpoint({ model, env: { GEMINI_API_KEY: key }, url: `${own}/my/path` })).toEqual({
      url: `${own}/my/path`,
      headers: { 'x-goog-api-key': key },
    });
  });

  it('reaches Vertex with an access token and never with the key', () => {
    const url = 'wss://us-central1-aiplatform.googleapis.com';
    expect(
      gemini.endpoint({ model, env: { GEMINI_API_KEY: key, GOOGLE_ACCESS_TOKEN: 'ya29.abc' }, url }),
    ).toEqual({
      url: `${url}/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent`,
      headers: { Authorization: 'Bearer ya29.abc' },
    });
    expect(refusal({ GEMINI_API_KEY: key }, url)).toMatchObject({ exitCode: 3, code: 'credentials.missing' });
    expect(refusal({}, url).hint).toContain('gcloud auth print-access-token');
    // Another host with a similar name gets neither.
    expect(
      gemini.endpoint({ model, env: {}, url: 'wss://evilaiplatform.googleapis.com.example' }).headers,
    ).toEqual({});
  });

  it.each([`${host}${path}?key=${key}`, `${host}?access_token=${key}`, `wss://${key}@example.org`])(
    'refuses an address with a secret in it, without repeating it (%#)',
    (url) => {
      const error = refusal({}, url);
      expect(error).toMatchObject({ exitCode: 3, code: 'url.credentials' });
      expect(`${error.message} ${error.hint}`).not.toContain(key);
    },
  );

  it('refuses to send speech unencrypted, and a key that cannot be a header', () => {
    expect(refusal({}, 'ws://example.org')).toMatchObject({ code: 'url.clear-text' });
    expect(refusal({ GEMINI_API_KEY: `${key}\n` })).toMatchObject({ code: 'credentials.malformed' });
  });
});

describe('profile', () => {
  it.each([
    ['gemini-3.8-live', false, 'items'],
    ['gemini-3.8-live-extended-thinking', true, 'items'],
    ['gemini-3.1-flash-live-preview', true, 'none'],
    ['gemini-2.5-flash-native-audio-preview-12-2025', true, 'items'],
    ['gemini-live-2.5-flash-native-audio', true, 'items'],
    ['gemini-4-live', false, 'items'],
  ])('%s: reasoning effort %s, replay %s', (name, effort, replay) => {
    const profile = gemini.profile(name);
    expect(profile.settings.includes('reasoningEffort')).toBe(effort);
    expect(profile.replay).toBe(replay);
  });

  it('tells what the dialect cannot do', () => {
    expect(gemini.profile(model)).toMatchObject({
      speaksFirst: 'client',
      settingsChange: 'never',
      truncation: 'server',
      cancelAnswersDone: false,
      createAfterTool: false,
      createAfterCommit: 'sent',
      resume: 'handle',
      pingEveryS: null,
    });
  });
});

describe('notes', () => {
  const said = (settings: SessionSettings, name: string = model, url?: string) =>
    gemini.notes?.(settings, { model: name, env: {}, url }).map(({ message }) => message) ?? [];
  const tool = { name: 'f', description: 'F', parameters: { type: 'object' } };

  it('has none if everything works as asked', () => {
    expect(
      said({ modality: 'audio', tools: [tool], serverTools: [{ type: 'web_search' }], toolChoice: 'auto' }),
    ).toEqual([]);
    expect(said({ reasoningEffort: 'low', tools: [tool] }, 'gemini-2.5-flash-native-audio-latest')).toEqual(
      [],
    );
    // The profile already tells this one.
    expect(said({ reasoningEffort: 'low' })).toEqual([]);
  });

  it.each([
    [{ modality: 'text' }, model, /always speaks/],
    [{ toolChoice: 'required' }, model, /cannot be forced to call/],
    [
      { tools: [tool], serverTools: [{ type: 'web_search' }] },
      'gemini-2.5-flash-native-audio-latest',
      /will not search/,
    ],
    [{ reasoningEffort: 'none' }, 'gemini-3.1-flash-live-preview', /gets "minimal"/],
    [{ reasoningEffort: 'minimal' }, 'gemini-3.8-live-extended-thinking', /gets "low"/],
    [{ reasoningEffort: 'xhigh' }, 'gemini-3.8-live-extended-thinking', /gets "high"/],
    [{ transcription: { model: 'm', prompt: 'p', keywords: ['k'] } }, model, /ignores: model, prompt\.$/],
    [{ transcription: { keywords: ['k'] } }, 'gemini-3.1-flash-live-preview', /ignores: keywords\.$/],
    [
      { tools: [{ ...tool, blocking: false }] },
      'gemini-3.1-flash-live-preview',
      /waits for every tool.*: f\./,
    ],
    [{ turnDetection: { type: 'server', idleTimeoutMs: 6000 } }, model, /idleTimeoutMs/],
    [{ contextTruncation: { retentionRatio: 0.5 } }, model, /how much of a long conversation/],
    [{ extra: { proactivity: { proactiveAudio: true } } }, model, /v1alpha/],
  ] satisfies [SessionSettings, string, RegExp][])('%j on %s', (settings, name, words) => {
    const notes = said(settings, name);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(words);
  });
});

describe('explainClose', () => {
  it.each([
    [1007, 'API key not valid. Please pass a valid API key.', 'credentials', true, /does not accept the key/],
    [
      1008,
      'Request had invalid authentication credentials. Expected OAuth 2 access token',
      'credentials',
      true,
      /key/,
    ],
    [
      1008,
      'models/gemini-9 is not found for API version v1beta, or is not supported for bidiGenerateContent.',
      'refused',
      true,
      /does not offer this model/,
    ],
    [1008, 'Requested entity was not found.', 'refused', true, /does not offer this model/],
    [1008, 'Operation is not implemented, or supported, or enabled.', 'refused', true, /refused to continue/],
    [1008, 'The operation was aborted.', 'network', false, /internal error/],
    [
      1007,
      'Invalid JSON payload received. Unknown name "proactivity" at \'setup\': Cannot find field.',
      'refused',
      true,
      /proactivity/,
    ],
    [1007, 'Request contains an invalid argument.', 'refused', true, /did not accept a message/],
    [1011, 'Deadline expired before operation could complete.', 'expired', false, /time limit/],
    [
      1011,
      'You exceeded your current quota, please check your plan and billing details.',
      'refused',
      true,
      /limit is used up/,
    ],
    [1011, 'RESOURCE_EXHAUSTED', 'refused', false, /limit is used up/],
    [1011, 'Internal error encountered.', 'network', false, /internal error/],
    [1000, '', 'network', true, /ended the session/],
  ] as const)('%s %s', (code, reason, cause, fatal, words) => {
    const meaning = gemini.explainClose?.(code, reason);
    expect(meaning).toMatchObject({ cause, fatal });
    expect(meaning?.message).toMatch(words);
  });

  it.each([
    ['Unknown name "proactivity" at \'setup\'', /v1alpha/],
    ['Unknown name "topQ" at \'setup.generation_config\'', /Remove "topQ"/],
    ['BidiGenerateContent session resumption handle is invalid', /start a new one/],
    ['Cannot extract voices from a non-audio request.', /--voice/],
    ['The requested combination of response modalities (TEXT) is not supported', /in writing/],
  ])('knows what to do about %s', (reason, hint) => {
    expect(adviceOn({ code: 'provider.refused', ...gemini.explainClose?.(1007, reason) })).toMatch(hint);
  });

  it('leaves the rest to the general explanation', () => {
    expect(gemini.explainClose?.(1006, '')).toBeUndefined();
    expect(gemini.explainClose?.(1001, '')).toBeUndefined();
  });
});

describe('explainRefusal', () => {
  const body = (status: string, message: string) => JSON.stringify({ error: { code: 1, message, status } });

  it('knows a bad key behind a bad request', () => {
    const meaning = gemini.explainRefusal?.(
      400,
      body('INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
    );
    expect(meaning).toMatchObject({
      cause: 'credentials',
      fatal: true,
      hint: expect.stringContaining('GEMINI_API_KEY'),
    });
    expect(meaning?.message).toContain('does not accept the key');
  });

  it('distinguishes an empty account from too many requests, and an unsupported country from a bad key', () => {
    const empty = body('RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check billing.');
    expect(gemini.explainRefusal?.(429, empty)).toMatchObject({ cause: 'refused', fatal: true });
    const busy = body('RESOURCE_EXHAUSTED', 'Too many requests.');
    expect(gemini.explainRefusal?.(429, busy)).toMatchObject({ cause: 'refused', fatal: false });
    const country = gemini.explainRefusal?.(
      403,
      body('FAILED_PRECONDITION', 'User location is not supported for the API use.'),
    );
    expect(country).toMatchObject({ cause: 'refused' });
    expect(country?.hint).toMatch(/where you are/);
  });

  it('knows a key without permission', () => {
    const meaning = gemini.explainRefusal?.(
      403,
      body('PERMISSION_DENIED', 'Generative Language API has not been used in project 1.'),
    );
    expect(meaning).toMatchObject({ cause: 'credentials' });
  });

  it('leaves the rest to the general explanation', () => {
    expect(gemini.explainRefusal?.(502, '<html>')).toBeUndefined();
  });
});
