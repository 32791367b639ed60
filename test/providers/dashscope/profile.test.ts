import { describe, expect, it } from 'vitest';
import { dashscope } from '../../../src/providers/dashscope/provider.js';

describe('profile', () => {
  it.each([
    // model, tools, images, web search, typed text, replay
    ['qwen3.5-omni-flash-realtime', true, true, true, true, 'none'],
    ['qwen3.5-omni-plus-realtime-2026-03-15', true, true, true, true, 'none'],
    ['qwen3.8-omni-flash-realtime', true, true, true, true, 'none'],
    ['qwen4-omni-realtime', true, true, true, true, 'none'],
    ['qwen3-omni-flash-realtime', false, true, false, false, 'none'],
    ['qwen3-omni-flash-realtime-2025-12-01', false, true, false, false, 'none'],
    ['qwen-omni-turbo-realtime', false, true, false, false, 'none'],
    ['qwen-audio-3.0-realtime-flash', true, false, false, true, 'items'],
    ['qwen-audio-3.1-realtime-plus', true, false, false, true, 'items'],
  ])('%s', (model, tools, images, search, typedText, replay) => {
    const profile = dashscope.profile(model);
    expect(profile).toMatchObject({ tools, typedText, replay, serverTools: search ? ['web_search'] : [] });
    expect(profile.images !== null).toBe(images);
    expect(profile.settings.includes('tools')).toBe(tools);
    expect(profile.voices.length).toBeGreaterThan(0);
  });

  it('promises a default model that calls tools', () => {
    expect(dashscope.profile(dashscope.defaultModel).tools).toBe(true);
  });

  it('describes images, and that a cancel is not confirmed', () => {
    expect(dashscope.profile(dashscope.defaultModel)).toMatchObject({
      images: { mimes: ['image/jpeg'], maxBytes: 190_000, everyS: 1, afterAudio: true },
      cancelAnswersDone: false,
      truncation: 'none',
      deletesItems: false,
      inputRateHz: 16_000,
      outputRateHz: 24_000,
      keepAliveS: 60,
      idleLimitS: 180,
      sessionLimitS: 7200,
    });
  });

  it.each([
    ['qwen3.5-omni-plus-realtime', 'Tina'],
    ['qwen3-omni-flash-realtime', 'Cherry'],
    ['qwen-omni-turbo-realtime', 'Chelsie'],
    ['qwen-audio-3.0-realtime-plus', 'longanqian'],
  ])('%s speaks as %s by default', (model, voice) => {
    expect(dashscope.profile(model).voices[0]).toBe(voice);
  });
});
