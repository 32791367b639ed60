import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import { azure } from '../../../src/providers/azure/provider.js';
import type { ConnectionSettings } from '../../../src/providers/provider.js';

const key = '0123456789abcdef';
const model = 'my-realtime';
const address = 'wss://my-resource.openai.azure.com/openai/v1/realtime?model=my-realtime';

function endpoint(settings: Partial<ConnectionSettings>) {
  return azure.endpoint({ model, env: { AZURE_OPENAI_API_KEY: key }, ...settings });
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

const withEndpoint = (AZURE_OPENAI_ENDPOINT: string) => ({
  env: { AZURE_OPENAI_API_KEY: key, AZURE_OPENAI_ENDPOINT },
});

describe('endpoint', () => {
  it.each([
    'https://my-resource.openai.azure.com',
    'https://my-resource.openai.azure.com/',
    'https://my-resource.openai.azure.com/openai/v1/',
    'wss://my-resource.openai.azure.com/openai/',
  ])('comes from the address the portal shows: %s', (shown) => {
    expect(endpoint(withEndpoint(shown))).toEqual({ url: address, headers: { 'api-key': key } });
  });

  it('comes from the name of the resource, or from --url', () => {
    expect(endpoint({ options: { resource: 'my-resource' } }).url).toBe(address);
    expect(endpoint({ url: 'wss://my-resource.openai.azure.com' }).url).toBe(address);
    expect(endpoint({ url: 'wss://gateway.example.org/a/realtime' }).url).toBe(
      'wss://gateway.example.org/a/realtime?model=my-realtime',
    );
  });

  it('prefers the address in the environment to the name in the file', () => {
    expect(
      endpoint({ ...withEndpoint('https://other.openai.azure.com'), options: { resource: 'my-resource' } })
        .url,
    ).toContain('other.openai');
  });

  it('uses a token of Entra ID if there is no key', () => {
    const env = {
      AZURE_OPENAI_AD_TOKEN: 'ey.token.value',
      AZURE_OPENAI_ENDPOINT: 'https://a.openai.azure.com',
    };
    expect(endpoint({ env }).headers).toEqual({ Authorization: 'Bearer ey.token.value' });
    expect(endpoint({ env: { ...env, AZURE_OPENAI_API_KEY: key } }).headers).toEqual({ 'api-key': key });
  });

  it('needs no key for a gateway of your own', () => {
    expect(endpoint({ env: {}, url: 'ws://127.0.0.1:8000' }).headers).toEqual({});
  });

  it.each<[string, Partial<ConnectionSettings>, string, RegExp]>([
    ['no deployment', { model: '', options: { resource: 'r' } }, 'model.missing', /--model/],
    ['no resource', {}, 'azure.no-resource', /AZURE_OPENAI_ENDPOINT/],
    ['a host for a name', { options: { resource: 'evil.example.org/x' } }, 'azure.resource', /--url/],
    ['no address', withEndpoint('my-resource'), 'azure.endpoint', /portal/],
    [
      'the address of the preview',
      { url: 'wss://r.openai.azure.com/openai/v1/realtime?api-version=2025-04-01-preview' },
      'url.preview',
      /\/openai\/v1/,
    ],
    [
      'a deployment in the address',
      withEndpoint('https://r.openai.azure.com/openai/realtime?deployment=d'),
      'url.preview',
      /--model/,
    ],
  ])('says what is missing or wrong: %s', (_what, settings, code, hint) => {
    const error = refusal(settings);
    expect(error).toMatchObject({ exitCode: 3, code });
    expect(adviceOn(error)).toMatch(hint);
  });
});

describe('session', () => {
  const update = (settings: object) => {
    const codec = azure.codec({ model, env: {} });
    return JSON.parse(String(codec.encode({ type: 'session.update', settings })[0])).session;
  };

  it('does not guess a transcription model, and says so', () => {
    const settings = { transcription: { language: 'de' } };
    expect(update(settings)).not.toHaveProperty('audio.input.transcription');
    expect(azure.notes?.(settings, { model, env: {} })).toMatchObject([
      { code: 'transcription.unavailable' },
    ]);
  });

  it('uses the deployment in the settings', () => {
    const settings = { transcription: { model: 'my-ear', language: 'de' } };
    expect(update(settings)).toMatchObject({ audio: { input: { transcription: settings.transcription } } });
    expect(azure.notes?.(settings, { model, env: {} })).toEqual([]);
  });
});

describe('explanations', () => {
  it.each([
    [401, '{"error":{"code":"401","message":"Access denied."}}', 'credentials', /one resource/],
    [404, '{"error":{"code":"DeploymentNotFound","message":"No."}}', 'refused', /deployment/],
    [429, '{"error":{"code":"429","message":"Slow down."}}', 'refused', /quota/],
  ])('for HTTP %s', (status, body, cause, hint) => {
    expect(azure.explainRefusal?.(status, body)).toMatchObject({ cause, hint: expect.stringMatching(hint) });
  });

  it.each([
    [3000, 'invalid_request_error.invalid_api_key', 'credentials', /AZURE_OPENAI_API_KEY/],
    [4000, 'insufficient_quota.insufficient_quota', 'refused', /Azure portal/],
    [1011, '', 'network', /status\.azure\.com/],
    [1001, 'Your session hit the maximum duration of 60 minutes', 'expired', /new one/],
  ])('for close code %s %s', (code, reason, cause, hint) => {
    const meaning = azure.explainClose?.(code, reason);
    expect(meaning).toMatchObject({ cause, hint: expect.stringMatching(hint) });
    expect(`${meaning?.message} ${meaning?.hint}`).not.toMatch(/openai\.com/);
  });

  it('leave the rest to the general explanations', () => {
    expect(azure.explainRefusal?.(500, '')).toBeUndefined();
    expect(azure.explainClose?.(1006, '')).toBeUndefined();
  });
});
