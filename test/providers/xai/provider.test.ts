import { describe, expect, it } from 'vitest';
import { xai } from '../../../src/providers/xai/provider.js';

const key = 'xai-0123456789abcdef';
const model = 'grok-voice-latest';
const env = { XAI_API_KEY: key };

describe('endpoint', () => {
  it('always names the model: without it the server chooses one silently', () => {
    expect(xai.endpoint({ model, env })).toEqual({
      url: `wss://api.x.ai/v1/realtime?model=${model}`,
      headers: { Authorization: `Bearer ${key}` },
    });
    expect(xai.endpoint({ model, env, url: 'ws://127.0.0.1:8000' }).url).toBe(
      `ws://127.0.0.1:8000/v1/realtime?model=${model}`,
    );
  });

  it('names the conversation to resume', () => {
    expect(xai.endpoint({ model, env, resume: 'conv 1&x' }).url).toBe(
      `wss://api.x.ai/v1/realtime?model=${model}&conversation_id=conv+1%26x`,
    );
    const url = 'ws://127.0.0.1:8000/v1/realtime?conversation_id=old';
    expect(xai.endpoint({ model, env, url, resume: 'new' }).url).toContain('conversation_id=new&');
  });

  it('needs no key for another server', () => {
    expect(xai.endpoint({ model, env: {}, url: 'ws://127.0.0.1:8000' }).headers).toEqual({});
  });
});

describe('profile', () => {
  it('tells how it differs from the closest dialect', () => {
    expect(xai.profile(model)).toMatchObject({
      truncation: 'none',
      images: null,
      userTranscripts: 'replace',
      resume: 'conversation',
      serverTools: ['web_search', 'x_search', 'file_search', 'mcp'],
    });
    expect(xai.profile(model).settings).not.toContain('modality');
    expect(xai.profile(model).voices[0]).toBe('eve');
  });
});

describe('explainClose', () => {
  it.each([
    [1000, 'Session exceeded maximum duration', 'expired', false],
    [1000, 'Closed after 15 minutes of inactivity', 'expired', false],
    [1008, 'Your team has used all credits', 'refused', true],
    [1011, 'boom', 'network', false],
  ])('%s %s', (code, reason, cause, fatal) => {
    expect(xai.explainClose?.(code, reason)).toMatchObject({ cause, fatal });
  });

  it('leaves the rest to the general explanation', () => {
    expect(xai.explainClose?.(1006, '')).toBeUndefined();
  });
});

describe('explainRefusal', () => {
  it.each([
    [400, '{"error":"Incorrect API key provided: xa***."}', 'credentials', /XAI_API_KEY/],
    [
      429,
      '{"error":"Your team has either used all available credits or reached its spending limit."}',
      'refused',
      /credit/,
    ],
    [404, '{"error":"The model grok-1 does not exist."}', 'refused', /grok-voice-latest/],
    [400, '{"error":"Unknown model grok-1"}', 'refused', /grok-voice-latest/],
  ])('%s %s', (status, body, cause, hint) => {
    const meaning = xai.explainRefusal?.(status, body);
    expect(meaning).toMatchObject({ cause, fatal: true });
    expect(meaning?.hint).toMatch(hint);
  });

  it('leaves the rest to the general explanation', () => {
    expect(xai.explainRefusal?.(503, '')).toBeUndefined();
  });
});
