import { readFile } from 'node:fs/promises';

const rateHz = 24_000;
const frameMs = 20;

/** "What is the weather in Paris?" as PCM16 at 24 kHz. */
export async function question() {
  const wav = await readFile(new URL('../fixtures/audio/question.wav', import.meta.url));
  const data = wav.subarray(wav.indexOf('data', 12, 'latin1') + 8);
  return upsampled(new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + (data.length & ~1))));
}

/** 16 → 24 kHz by straight lines between samples: a detector of speech hears no difference. */
function upsampled(samples) {
  return Int16Array.from({ length: Math.floor((samples.length * 3) / 2) }, (_, n) => {
    const at = (n * 2) / 3;
    const left = Math.floor(at);
    const here = samples[left] ?? 0;
    return Math.round(here + (at - left) * ((samples[left + 1] ?? here) - here));
  });
}

/**
 * Talks into a session as a microphone does: frames of 20 ms, here four times as fast, with silence behind the words.
 * @param {(pcm: ArrayBuffer) => void} send
 */
export async function speak(send, samples, silenceMs = 900) {
  const frameSamples = (rateHz * frameMs) / 1000;
  const silence = new Int16Array((rateHz * silenceMs) / 1000);
  for (const part of [samples, silence]) {
    for (let from = 0; from < part.length; from += frameSamples) {
      send(part.slice(from, from + frameSamples).buffer);
      await new Promise((resolve) => setTimeout(resolve, frameMs / 4));
    }
  }
}
