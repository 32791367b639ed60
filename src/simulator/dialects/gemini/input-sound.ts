import { Resampler } from '../../../audio/samples/resample.js';
import { decodeAudio, encodeAudio, pcm24k } from '../../../engines/core/audio-format.js';
import { toPcm16 } from '../../../engines/core/sample-rate.js';
import { invalidArgument } from './closing-error.js';
import type { Blob } from './protobuf-json.js';

/** Rate of PCM without a declared one. */
const nativeHz = 16_000;
const lowestHz = 4000;
const highestHz = 192_000;

/** Converts sound of any declared rate to the session's. The rate may change during a conversation. */
export class InputSound {
  private resampler: Resampler | undefined;
  private rateHz: number | undefined;

  /**
   * Base64 of 24 kHz PCM16.
   * @throws ClosingError when this is not PCM.
   */
  convert({ mimeType = '', data = '' }: Blob): string {
    const rateHz = rateOf(mimeType);
    const samples = decodeAudio(Buffer.from(data, 'base64'), pcm24k);
    if (rateHz === pcm24k.rate) return encodeAudio(samples, pcm24k);
    if (this.resampler === undefined || rateHz !== this.rateHz) {
      this.resampler = new Resampler(rateHz, pcm24k.rate);
      this.rateHz = rateHz;
    }
    const wave = this.resampler.process(Float32Array.from(samples, (sample) => sample / 32_768));
    return encodeAudio(toPcm16(wave), pcm24k);
  }
}

/** Base64 of that much silence. */
export function silence(ms: number): string {
  return encodeAudio(new Int16Array(Math.ceil((ms * pcm24k.rate) / 1000)), pcm24k);
}

/** Milliseconds of 24 kHz PCM16 in base64. */
export function lengthMs(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return ((base64.length * 3) / 4 - padding) / 2 / (pcm24k.rate / 1000);
}

function rateOf(mimeType: string): number {
  const [type = '', ...parameters] = mimeType.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'audio/pcm') throw invalidArgument();
  const rate = parameters.find((parameter) => parameter.startsWith('rate='))?.slice('rate='.length);
  const rateHz = rate === undefined ? nativeHz : Number(rate);
  if (!Number.isInteger(rateHz) || rateHz < lowestHz || rateHz > highestHz) throw invalidArgument();
  return rateHz;
}
