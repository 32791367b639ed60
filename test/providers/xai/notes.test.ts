import { describe, expect, it } from 'vitest';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { xai } from '../../../src/providers/xai/provider.js';

function said(settings: SessionSettings): string[] {
  return (xai.notes?.(settings, { model: xai.defaultModel, env: {} }) ?? []).map(({ message }) => message);
}

describe('notes', () => {
  it('are empty if everything works', () => {
    const settings: SessionSettings = {
      modality: 'audio',
      turnDetection: { type: 'server', threshold: 0.5, silenceMs: 700 },
      reasoningEffort: 'none',
      speed: 1,
      transcription: { language: 'de', keywords: ['Ada'] },
    };
    expect(said(settings)).toEqual([]);
    expect(said({})).toEqual([]);
  });

  it.each([
    [{ turnDetection: { type: 'semantic' } }, /ends turns by silence/],
    [{ turnDetection: { type: 'server', threshold: 0.05 } }, /0\.1 is used instead of 0\.05/],
    [{ turnDetection: { type: 'server', threshold: 1 } }, /0\.9 is used instead of 1/],
    [{ turnDetection: { type: 'server', silenceMs: 12_000 } }, /at most 10000 ms/],
    [{ reasoningEffort: 'low' }, /"none" is used instead of "low"/],
    [{ reasoningEffort: 'medium' }, /"high" is used instead of "medium"/],
    [{ speed: 0.25 }, /0\.7 is used/],
    [{ transcription: { prompt: 'names' } }, /no effect: prompt\.$/],
  ] as const)('%o', (settings, words) => {
    expect(said(settings)).toEqual([expect.stringMatching(words)]);
  });
});
