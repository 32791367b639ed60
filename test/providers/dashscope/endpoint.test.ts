import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';
import type { ConnectionSettings } from '../../../src/providers/provider.js';

const key = 'sk-0123456789abcdef';
const model = 'qwen3.5-omni-flash-realtime';
const env = { DASHSCOPE_API_KEY: key };

function urlOf(settings: Partial<ConnectionSettings>): string {
  return dashscope.endpoint({ model, env, ...settings }).url;
}

function refusal(settings: Partial<ConnectionSettings>): VoxtermError {
  try {
    dashscope.endpoint({ model, env, ...settings });
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('address', () => {
  it('is the one in China unless another region is set', () => {
    expect(dashscope.endpoint({ model, env })).toEqual({
      url: `wss://dashscope.aliyuncs.com/api-ws/v1/realtime?model=${model}`,
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(urlOf({ options: { region: 'international' } })).toBe(
      `wss://dashscope-intl.aliyuncs.com/api-ws/v1/realtime?model=${model}`,
    );
  });

  it('is that of the workspace if one is set', () => {
    const options = { workspace: 'llm-1a2b' };
    expect(urlOf({ options })).toBe(
      `wss://llm-1a2b.cn-beijing.maas.aliyuncs.com/api-ws/v1/realtime?model=${model}`,
    );
    expect(urlOf({ options: { ...options, region: 'international' } })).toContain(
      'wss://llm-1a2b.ap-southeast-1.maas.aliyuncs.com/',
    );
    expect(urlOf({ env: { ...env, DASHSCOPE_WORKSPACE_ID: 'llm-9' } })).toContain('wss://llm-9.cn-beijing.');
    expect(urlOf({ env: { ...env, DASHSCOPE_WORKSPACE_ID: '' } })).toContain('wss://dashscope.aliyuncs.com/');
  });

  it('is unknown for a model that needs a workspace if none is set', () => {
    const newest = 'qwen3.8-omni-flash-realtime';
    const error = refusal({ model: newest, options: { region: 'international' } });
    expect(error).toMatchObject({ exitCode: 3, code: 'workspace.missing' });
    expect(error.message).toContain(newest);
    expect(adviceOn(error)).toContain('providers.dashscope.workspace');
    expect(error.hint).toContain('https://modelstudio.console.alibabacloud.com');
    expect(urlOf({ model: newest, options: { workspace: 'llm-1' } })).toContain(`model=${newest}`);
    expect(urlOf({ model: newest, url: 'wss://relay.example/v1' })).toContain('relay.example');
  });

  it('can be set, and a bare host gets the path of this service', () => {
    expect(urlOf({ url: 'ws://127.0.0.1:8000' })).toBe(
      `ws://127.0.0.1:8000/api-ws/v1/realtime?model=${model}`,
    );
    expect(urlOf({ url: 'wss://relay.example/v1' })).toBe(`wss://relay.example/v1/realtime?model=${model}`);
    expect(dashscope.endpoint({ model, env: {}, url: 'ws://127.0.0.1:8000' }).headers).toEqual({});
  });

  it.each(['evil.example/x', 'a.b', 'a b', '-a', 'a@b', ''])('refuses the workspace "%s"', (workspace) => {
    expect(refusal({ options: { workspace } })).toMatchObject({ exitCode: 3, code: 'workspace.malformed' });
  });

  it('refuses an unknown region', () => {
    const error = refusal({ options: { region: 'europe' } });
    expect(error).toMatchObject({ exitCode: 3, code: 'region.unknown' });
    expect(error.hint).toContain('china or international');
  });
});

describe('key', () => {
  it('comes from the console of its region', () => {
    expect(refusal({ env: {} }).hint).toContain('https://bailian.console.aliyun.com');
    expect(refusal({ env: {}, options: { region: 'international' } }).hint).toContain(
      'https://modelstudio.console.alibabacloud.com',
    );
  });
});

describe('a refused key', () => {
  const body = '{"code":"InvalidApiKey","message":"Invalid API-key provided."}';

  it('is explained with the other region', () => {
    const china = dashscope.explainRefusal?.(401, body, { model, env });
    expect(china).toMatchObject({ cause: 'credentials', fatal: true });
    expect(china?.message).toContain('Invalid API-key provided.');
    expect(adviceOn({ code: 'credentials.refused', ...china })).toMatch(
      /this was the region "china".*"region" to "international" \(providers\.dashscope\.region\)/,
    );
    const options = { region: 'international' };
    const international = dashscope.explainRefusal?.(401, body, { model, env, options });
    expect(adviceOn({ code: 'credentials.refused', ...international })).toMatch(
      /this was the region "international".*"region" to "china" \(providers\.dashscope\.region\)/,
    );
  });

  it('at another address has nothing to do with regions', () => {
    const url = 'wss://relay.example';
    expect(dashscope.explainRefusal?.(401, '', { model, env, url })?.hint).not.toContain('region');
  });
});

describe('explainRefusal', () => {
  it.each([
    [403, '{"code":"Arrearage","message":"Access denied."}', 'refused', /arrears/],
    [404, '{"code":"ModelNotFound","message":"The model does not exist."}', 'refused', /--model/],
    [403, '{"code":"Model.AccessDenied","message":"Model access denied."}', 'refused', /--model/],
  ])('%s %s', (status, body, cause, hint) => {
    const meaning = dashscope.explainRefusal?.(status, body, { model, env });
    expect(meaning).toMatchObject({ cause, fatal: true });
    expect(adviceOn({ code: 'provider.refused', ...meaning })).toMatch(hint);
  });

  it('leaves the rest to the general explanation', () => {
    expect(dashscope.explainRefusal?.(503, '', { model, env })).toBeUndefined();
  });
});

describe('explainClose', () => {
  it.each([
    [1000, 'user_idle_timeout', 'expired', false, /idle for several minutes/],
    [1007, 'Session exceeded max duration', 'expired', false, /120 minutes/],
    [1008, 'InvalidApiKey: Invalid API-key provided.', 'credentials', true, /refused to continue/],
    [1011, 'Internal server error', 'network', false, /internal error/],
  ])('%s %s', (code, reason, cause, fatal, words) => {
    const meaning = dashscope.explainClose?.(code, reason);
    expect(meaning).toMatchObject({ cause, fatal });
    expect(meaning?.message).toMatch(words);
  });

  it('leaves the rest to the general explanation', () => {
    expect(dashscope.explainClose?.(1006, '')).toBeUndefined();
  });
});
