import { toInt16 } from '../../audio/samples/pcm16.js';
import { Resampler } from '../../audio/samples/resample.js';

/** The same sound at another rate; passed through untouched where the rates agree. */
export async function* atRate(
  sound: AsyncIterable<Int16Array>,
  fromHz: number,
  toHz: number,
): AsyncGenerator<Int16Array, void> {
  if (fromHz === toHz) {
    yield* sound;
    return;
  }
  const resampler = new Resampler(fromHz, toHz);
  for await (const samples of sound) {
    yield toPcm16(resampler.process(Float32Array.from(samples, (sample) => sample / 32_768)));
  }
  yield toPcm16(resampler.flush());
}

export function toPcm16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, toInt16);
}
