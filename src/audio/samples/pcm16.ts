/** −1 to 1 → signed 16 bits, rounded and clipped. Samples that came from 16 bits come back unchanged. */
export function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}

/** PCM16 little-endian → −1 to 1. An odd last byte is ignored. */
export function samplesOf(pcm: Uint8Array): Float32Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const samples = new Float32Array(pcm.byteLength >> 1);
  for (let n = 0; n < samples.length; n += 1) samples[n] = view.getInt16(2 * n, true) / 32_768;
  return samples;
}

/** PCM16 little-endian as an array of samples. An odd last byte is ignored. */
export function int16Of(pcm: Uint8Array): Int16Array {
  const aligned = pcm.byteOffset % 2 === 0 ? pcm : pcm.slice();
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}

/** −1 to 1 → PCM16 little-endian, rounded and clipped. */
export function pcmOf(samples: Float32Array): Uint8Array {
  const pcm = new Uint8Array(2 * samples.length);
  const view = new DataView(pcm.buffer);
  for (let n = 0; n < samples.length; n += 1) view.setInt16(2 * n, toInt16(samples[n] as number), true);
  return pcm;
}
