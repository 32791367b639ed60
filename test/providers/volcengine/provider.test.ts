import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { volcengine } from '../../../src/providers/volcengine/provider.js';

const model = volcengine.defaultModel;
const env = { VOLCENGINE_API_KEY: 'vk-0123456789' };

describe('endpoint', () => {
  it('is the voice agent of the gateway', () => {
    expect(volcengine.endpoint({ model, env })).toEqual({
      url: 'wss://ai-gateway.vei.volces.com/v1/realtime?model=AG-voice-chat-agent',
      headers: { Authorization: 'Bearer vk-0123456789' },
    });
  });

  it('adds another language model', () => {
    const options = { customModel: 'doubao-pro-32k-functioncall' };
    expect(volcengine.endpoint({ model, env, options }).url).toBe(
      'wss://ai-gateway.vei.volces.com/v1/realtime?model=AG-voice-chat-agent&ag-custom-model=doubao-pro-32k-functioncall',
    );
  });

  it('adds a bot instead, and continues its conversation', () => {
    const options = { bot: '7441', customModel: 'ignored' };
    const { url, headers } = volcengine.endpoint({ model, env, options, resume: 'sess_1' });
    expect(url).toBe(
      'wss://ai-gateway.vei.volces.com/v1/realtime?model=AG-voice-chat-agent&ag-coze-bot-id=7441',
    );
    expect(headers).toEqual({ Authorization: 'Bearer vk-0123456789', 'X-Conversation-Id': 'sess_1' });
  });

  it('continues no conversation without a bot', () => {
    expect(volcengine.endpoint({ model, env, resume: 'sess_1' }).headers).not.toHaveProperty(
      'X-Conversation-Id',
    );
  });

  it('needs no key for another server', () => {
    expect(volcengine.endpoint({ model, env: {}, url: 'ws://127.0.0.1:9000' })).toEqual({
      url: 'ws://127.0.0.1:9000/v1/realtime?model=AG-voice-chat-agent',
      headers: {},
    });
  });
});

describe('profile', () => {
  it('has turns that the client ends, and functions unless a bot answers', () => {
    expect(volcengine.profile(model)).toMatchObject({ turns: 'none', tools: true, resume: 'none' });
    expect(volcengine.profile(model, { bot: '7' })).toMatchObject({
      tools: false,
      resume: 'conversation',
      outlivesProgram: true,
      cancelAnswersDone: false,
    });
    expect(volcengine.profile(model, { bot: '7' }).settings).not.toContain('instructions');
  });

  it('sends keep-alives well before the gateway closes', () => {
    const { keepAliveS, idleLimitS } = volcengine.profile(model);
    expect((keepAliveS ?? 0) * 2).toBeLessThan(idleLimitS ?? 0);
  });
});

describe('notes', () => {
  it('tell what has no effect', () => {
    const codes = (settings: object, options = {}) =>
      volcengine.notes?.(settings, { model, env, options }).map(({ code }) => code);
    expect(codes({ transcription: {} })).toEqual([]);
    expect(codes({ transcription: { language: 'de' } })).toEqual(['setting.ignored']);
    expect(codes({}, { bot: '7', customModel: 'doubao' })).toEqual(['setting.ignored']);
  });
});

describe('explanations', () => {
  it.each([1000, 1001, 1005, 1011])(
    'a close with %d is worth another try, and idle time may be why',
    (code) => {
      const meaning = volcengine.explainClose?.(code, 'bye');
      expect(meaning).toMatchObject({ fatal: false, cause: 'network' });
      expect(meaning?.message).toContain('bye');
      expect(meaning?.hint).toContain('120 seconds');
    },
  );

  it('leave other close codes to the general explanation', () => {
    expect(volcengine.explainClose?.(1008, '')).toBeUndefined();
  });

  it('HTTP 400 may mean that the conversation to continue is gone', () => {
    const settings = { model: volcengine.defaultModel, env: {} };
    const resumed = volcengine.explainRefusal?.(400, '', { ...settings, resume: 'conversation-1' });
    expect(resumed?.hint).toContain('may be gone');
    expect(adviceOn({ code: 'provider.refused', ...resumed })).toContain('--new-conversation');
    const first = volcengine.explainRefusal?.(400, '', settings);
    expect(adviceOn({ code: 'provider.refused', ...first })).toBe(
      'Check "bot" or "customModel" (providers.volcengine.bot, providers.volcengine.customModel).',
    );
  });

  it.each([401, 403])('HTTP %d: the key must be bound to the agent', (status) => {
    const meaning = volcengine.explainRefusal?.(status, '{"error":{"message":"no such token"}}');
    expect(meaning).toMatchObject({ fatal: true, cause: 'credentials' });
    expect(meaning?.message).toContain('no such token');
    expect(meaning?.hint).toMatch(/VOLCENGINE_API_KEY.*bound/s);
  });
});
