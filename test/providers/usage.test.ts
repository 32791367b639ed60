import { describe, expect, test } from 'vitest';
import { decodeUsage as compatible } from '../../src/providers/compatible/decode/usage.js';
import { decodeUsage as gemini } from '../../src/providers/gemini/decode/usage.js';

/** Usage of one response as each provider documents or was seen to report it. */
const reports: { provider: string; wire: unknown; decode: (wire: unknown) => unknown; usage: unknown }[] = [
  {
    provider: 'openai and azure: kinds of cached tokens apart',
    decode: compatible,
    wire: {
      total_tokens: 1000,
      input_tokens: 700,
      output_tokens: 300,
      input_token_details: {
        text_tokens: 200,
        audio_tokens: 400,
        image_tokens: 100,
        cached_tokens: 320,
        cached_tokens_details: { text_tokens: 120, audio_tokens: 150, image_tokens: 50 },
      },
      output_token_details: { text_tokens: 100, audio_tokens: 200, reasoning_tokens: 40 },
    },
    usage: {
      input: { text: 200, audio: 400, image: 100, cached: 320, cachedAudio: 150, cachedImage: 50 },
      output: { text: 100, audio: 200, image: 0, cached: 0 },
      total: 1000,
    },
  },
  {
    provider: 'dashscope: plural keys, no word of a cache',
    decode: compatible,
    wire: {
      total_tokens: 312,
      input_tokens: 201,
      output_tokens: 111,
      input_tokens_details: { text_tokens: 120, audio_tokens: 81 },
      output_tokens_details: { text_tokens: 31, audio_tokens: 80 },
    },
    usage: {
      input: { text: 120, audio: 81, image: 0, cached: 0 },
      output: { text: 31, audio: 80, image: 0, cached: 0 },
      total: 312,
    },
  },
  {
    provider: 'volcengine and yandex: cached tokens without kinds',
    decode: compatible,
    wire: {
      input_tokens: 310,
      output_tokens: 42,
      input_token_details: { text_tokens: 310, cached_tokens: 12 },
      output_token_details: { text_tokens: 30, audio_tokens: 12 },
    },
    usage: {
      input: { text: 310, audio: 0, image: 0, cached: 12 },
      output: { text: 30, audio: 12, image: 0, cached: 0 },
      total: 352,
    },
  },
  {
    provider: 'gemini: by modality, thoughts and tool results on top',
    decode: gemini,
    wire: {
      promptTokenCount: 500,
      cachedContentTokenCount: 60,
      toolUsePromptTokenCount: 10,
      responseTokenCount: 90,
      thoughtsTokenCount: 20,
      totalTokenCount: 620,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 100 },
        { modality: 'AUDIO', tokenCount: 300 },
        { modality: 'VIDEO', tokenCount: 100 },
      ],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 40 }],
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 90 }],
    },
    usage: {
      input: { text: 110, audio: 300, image: 100, cached: 60, cachedAudio: 40, cachedImage: 0 },
      output: { text: 20, audio: 90, image: 0, cached: 0 },
      total: 620,
    },
  },
];

describe('tokens of one response', () => {
  test.each(reports)('$provider', ({ decode, wire, usage }) => {
    expect(decode(wire)).toEqual(usage);
  });

  test('cached tokens by kind count without their sum', () => {
    const input_token_details = {
      audio_tokens: 9,
      cached_tokens_details: { audio_tokens: 5, text_tokens: 1 },
    };
    expect(compatible({ input_tokens: 12, input_token_details })?.input).toEqual({
      text: 3,
      audio: 9,
      image: 0,
      cached: 6,
      cachedAudio: 5,
      cachedImage: 0,
    });
  });

  test('unreadable usage is undefined, never an error', () => {
    for (const wire of [
      null,
      'x',
      {},
      { input_tokens: -1 },
      { input_tokens: '4' },
      { totalTokenCount: NaN },
    ]) {
      expect(compatible(wire)).toBeUndefined();
      expect(gemini(wire)).toBeUndefined();
    }
  });
});
