import type { SpeakOptions, Voice } from '../../../src/engines/core/stages.js';

export function options(more: Partial<SpeakOptions> = {}): SpeakOptions {
  const signal = new AbortController().signal;
  return { voice: 'marin', speed: 1, language: undefined, toneHz: undefined, signal, ...more };
}

export async function spoken(
  voice: Voice,
  text: string,
  more: Partial<SpeakOptions> = {},
): Promise<Int16Array> {
  const samples: number[] = [];
  for await (const piece of voice.speak(text, options(more))) samples.push(...piece);
  return Int16Array.from(samples);
}

export function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
