import { describe, expect, it } from 'vitest';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';

function said(settings: SessionSettings, model = 'qwen3-omni-flash-realtime'): string[] {
  const notes = dashscope.notes?.(settings, { model, env: {} }) ?? [];
  return notes.map(({ code, message }) => `${code}: ${message}`);
}

const tool = { name: 'get_weather', description: '', parameters: {} };

describe('notes', () => {
  it('are empty if everything works', () => {
    const settings: SessionSettings = {
      turnDetection: { type: 'server', silenceMs: 800 },
      transcription: {},
    };
    expect(said(settings)).toEqual([]);
    expect(said({ ...settings, tools: [tool] }, 'qwen-audio-3.0-realtime-plus')).toEqual([]);
  });

  it('tell that typed messages are experimental', () => {
    expect(dashscope.profile('qwen3.5-omni-flash-realtime').typedTextNote).toMatch(/not documented/);
    expect(dashscope.profile('qwen-audio-3.0-realtime-plus').typedTextNote).toBeUndefined();
    // Not needed if the user only speaks.
    expect(said({}, 'qwen3.5-omni-flash-realtime')).toEqual([]);
  });

  it('tell that the search excludes the tools', () => {
    const searching: SessionSettings = { tools: [tool], serverTools: [{ type: 'web_search' }] };
    expect(said(searching, 'qwen3.5-omni-plus-realtime').join()).toMatch(/tools\.unavailable.*get_weather/);
    expect(said({ serverTools: [{ type: 'web_search' }] }, 'qwen3.5-omni-plus-realtime').join()).not.toMatch(
      /tools\.unavailable/,
    );
  });

  it.each([
    [{ turnDetection: { type: 'semantic' } }, 'qwen3-omni-flash-realtime', /ends turns by silence/],
    [{ turnDetection: { type: 'semantic', eagerness: 'low' } }, 'qwen3.5-omni-plus-realtime', /how eagerly/],
    [{ turnDetection: { type: 'server', silenceMs: 100 } }, 'qwen3.5-omni-plus-realtime', /200 ms is used/],
    [{ turnDetection: { type: 'server', silenceMs: 9000 } }, 'qwen3.5-omni-plus-realtime', /6000 ms is used/],
    [
      { turnDetection: { type: 'server', idleTimeoutMs: 9000 } },
      'qwen3-omni-flash-realtime',
      /idleTimeoutMs/,
    ],
    [{ transcription: { language: 'de' } }, 'qwen-audio-3.0-realtime-plus', /detects the language you speak/],
    [{ transcription: { keywords: ['Ada'] } }, 'qwen3.5-omni-plus-realtime', /no effect: keywords\.$/],
    [
      { turnDetection: { type: 'none' }, transcription: {} },
      'qwen3.5-omni-flash-realtime',
      /transcript\.unavailable/,
    ],
  ] as const)('%o with %s', (settings, model, words) => {
    expect(said(settings, model).join('\n')).toMatch(words);
  });

  it('know the models that transcribe turns ended by the client', () => {
    const manual: SessionSettings = { turnDetection: { type: 'none' }, transcription: {} };
    expect(said(manual, 'qwen3.5-omni-plus-realtime').join()).not.toMatch(/transcript/);
  });
});
