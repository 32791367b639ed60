/** Mono PCM16 → the same sample on every channel. */
export function toChannels(mono: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return mono;
  const wide = new Uint8Array(mono.length * channels);
  for (let sample = 0; sample < mono.length; sample += 2) {
    for (let channel = 0; channel < channels; channel += 1) {
      wide.set(mono.subarray(sample, sample + 2), sample * channels + 2 * channel);
    }
  }
  return wide;
}

/** Interleaved PCM16 → the mean of the channels. */
export function fromChannels(wide: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return wide;
  const from = new DataView(wide.buffer, wide.byteOffset, wide.byteLength);
  const frames = Math.floor(wide.length / (2 * channels));
  const mono = new Uint8Array(2 * frames);
  const to = new DataView(mono.buffer);
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1)
      sum += from.getInt16(2 * (frame * channels + channel), true);
    to.setInt16(2 * frame, Math.round(sum / channels), true);
  }
  return mono;
}
