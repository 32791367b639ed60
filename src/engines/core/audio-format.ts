import { aLawToLinear, linearToALaw, linearToMuLaw, muLawToLinear } from '../../audio/samples/g711.js';

/** As in `session.audio.input.format` and `session.audio.output.format`. */
export type AudioFormat =
  | { readonly type: 'audio/pcm'; readonly rate: number }
  | { readonly type: 'audio/pcmu' }
  | { readonly type: 'audio/pcma' };

export const pcm24k = { type: 'audio/pcm', rate: 24_000 } as const satisfies AudioFormat;

/** G.711 is always 8 kHz. */
export function rateOf(format: AudioFormat): number {
  return format.type === 'audio/pcm' ? format.rate : 8000;
}

/** Wire bytes → samples. An odd last byte of PCM16 is dropped: half a sample means nothing. */
export function decodeAudio(bytes: Buffer, format: AudioFormat): Int16Array {
  if (format.type === 'audio/pcm') {
    const samples = new Int16Array(bytes.length >> 1);
    for (let i = 0; i < samples.length; i += 1) samples[i] = bytes.readInt16LE(i * 2);
    return samples;
  }
  const table = format.type === 'audio/pcmu' ? muLawToLinear : aLawToLinear;
  return Int16Array.from(bytes, (code) => table[code] ?? 0);
}

/** Samples → base64 for the wire. */
export function encodeAudio(samples: Int16Array, format: AudioFormat): string {
  if (format.type === 'audio/pcm') {
    const bytes = Buffer.alloc(samples.length * 2);
    for (let i = 0; i < samples.length; i += 1) bytes.writeInt16LE(samples[i] ?? 0, i * 2);
    return bytes.toString('base64');
  }
  const encode = format.type === 'audio/pcmu' ? linearToMuLaw : linearToALaw;
  return Buffer.from(Uint8Array.from(samples, encode)).toString('base64');
}

export function toMs(samples: number, rateHz: number): number {
  return Math.floor((samples * 1000) / rateHz);
}
