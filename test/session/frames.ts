const frameSamples = 480;

/** Frames of 20 ms at 24 kHz: something like a voice, or nothing. */
export function frames(kind: 'speech' | 'silence', ms: number): Uint8Array[] {
  return Array.from({ length: ms / 20 }, (_, frame) => {
    const pcm = new Int16Array(frameSamples);
    if (kind === 'speech') {
      for (let i = 0; i < pcm.length; i += 1) {
        const t = (frame * frameSamples + i) / 24_000;
        const angle = 2 * Math.PI * (220 * t - 2 * Math.cos(2 * Math.PI * 2 * t));
        pcm[i] = 9000 * Math.sin(angle) * (0.51 + 0.49 * Math.sin(2 * Math.PI * 4 * t));
      }
    }
    return new Uint8Array(pcm.buffer);
  });
}
