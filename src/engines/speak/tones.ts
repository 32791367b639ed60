import { setImmediate as breathe } from 'node:timers/promises';
import { pcm24k } from '../core/audio-format.js';
import type { SpeakOptions, Voice } from '../core/stages.js';

const rateHz = pcm24k.rate;
/** Faded in and out, so that a tone begins and ends without a click. */
const fadeSamples = rateHz / 100;
/** Speaking takes about this long per character: 15 characters a second. */
const msPerCharacter = 65;
const amplitude = 0.25 * 32_767;
const defaultToneHz = 440;

/** A plain tone as long as the words would take to speak. The same words give the same samples, everywhere. */
export const toneVoice: Voice = {
  async *speak(sentence, { toneHz = defaultToneHz, speed, signal }: SpeakOptions) {
    const durationMs = Math.max(200, (sentence.trim().length * msPerCharacter) / speed);
    yield* inPieces(tone(toneHz, durationMs), signal);
  },
};

/** Used where no voice is installed: two soft notes per sentence, rising for a question. The words are sent as text. */
export const chimeVoice: Voice = {
  async *speak(sentence, { toneHz, signal }: SpeakOptions) {
    const [first, second] = sentence.trim().endsWith('?') ? [523.25, 783.99] : [659.26, 523.25];
    if (toneHz !== undefined) yield* inPieces(tone(toneHz, 400), signal);
    else yield* inPieces(join(bell(first, 180), bell(second, 320)), signal);
  },
};

/** A second at a time, so that a long sentence neither blocks nor fills the memory. */
async function* inPieces(samples: Int16Array, signal: AbortSignal): AsyncGenerator<Int16Array, void> {
  for (let from = 0; from < samples.length && !signal.aborted; from += rateHz) {
    yield samples.subarray(from, from + rateHz);
    await breathe();
  }
}

function tone(hz: number, durationMs: number): Int16Array {
  const length = Math.round((durationMs * rateHz) / 1000);
  return Int16Array.from({ length }, (_, n) => {
    const fade = Math.min(1, n / fadeSamples, (length - n) / fadeSamples);
    return Math.round(amplitude * fade * Math.sin((2 * Math.PI * hz * n) / rateHz));
  });
}

function bell(hz: number, durationMs: number): Int16Array {
  return tone(hz, durationMs).map((sample, n) =>
    Math.round(sample * Math.exp((-3 * n * 1000) / rateHz / durationMs)),
  );
}

function join(a: Int16Array, b: Int16Array): Int16Array {
  const both = new Int16Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
