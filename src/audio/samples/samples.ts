/** Root mean square of samples between −1 and 1: 0 is silence, 1 a full-scale square wave. */
export function rms(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** One array after the other. */
export function joined(first: Float32Array, second: Float32Array): Float32Array {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
