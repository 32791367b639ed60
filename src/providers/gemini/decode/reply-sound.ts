import { pcmOf, samplesOf } from '../../../audio/samples/pcm16.js';
import { Resampler } from '../../../audio/samples/resample.js';
import { Base64Decoder } from '../../../base/base64.js';
import { InvalidData, type JsonObject, optionalText } from '../../../base/json.js';
import type { PartKey } from '../../../contract/events.js';
import { SampleAlignment } from '../../sample-alignment.js';

export const outputRateHz = 24_000;
const lowestRateHz = 4000;
const highestRateHz = 192_000;

/** The audio of one connection: base64 in, PCM16 at the profile's rate out, whatever rate the server declares. */
export class ReplySound {
  private readonly base64 = new Base64Decoder();
  private readonly alignment = new SampleAlignment();
  private resampler: { readonly fromHz: number; readonly stream: Resampler } | undefined;

  /** @throws InvalidData for audio that cannot be played. */
  decode(part: PartKey, mimeType: string, base64: string): Uint8Array {
    const rateHz = rateOf(mimeType);
    const bytes = this.base64.decodeStrictly(base64);
    if (bytes === undefined) throw new InvalidData('inlineData.data is not base64');
    const pcm = this.alignment.align(part, bytes);
    if (rateHz === outputRateHz && this.resampler === undefined) return pcm;
    return this.converted(rateHz, pcm);
  }

  /** Ends a part. Returns what the resampler still holds. */
  endPart(part: PartKey): Uint8Array {
    this.alignment.endPart(part);
    const rest = this.resampler?.stream.flush();
    this.resampler = undefined;
    return rest === undefined ? new Uint8Array() : pcmOf(rest);
  }

  private converted(rateHz: number, pcm: Uint8Array): Uint8Array {
    if (this.resampler?.fromHz === rateHz) return pcmOf(this.resampler.stream.process(samplesOf(pcm)));
    // A change of the rate within a part is unlikely, but the audio before it must not be lost.
    const before = this.resampler?.stream.flush() ?? new Float32Array();
    const stream = new Resampler(rateHz, outputRateHz);
    this.resampler = { fromHz: rateHz, stream };
    return Buffer.concat([pcmOf(before), pcmOf(stream.process(samplesOf(pcm)))]);
  }
}

/** The MIME type of inline data; audio by default. */
export function mimeTypeOf(inlineData: JsonObject): string {
  return optionalText(inlineData, 'mimeType')?.toLowerCase() ?? 'audio/pcm';
}

/** `audio/pcm;rate=24000`, or `audio/L16;codec=pcm;rate=24000` as other services of Google write it. */
function rateOf(mimeType: string): number {
  const [type = '', ...parameters] = mimeType.split(';').map((word) => word.trim());
  if (type !== 'audio/pcm' && type !== 'audio/l16')
    throw new InvalidData(`${type} is not a playable audio format`);
  const rate = parameters.find((parameter) => parameter.startsWith('rate='))?.slice('rate='.length);
  if (rate === undefined) return outputRateHz;
  const rateHz = Number(rate);
  if (!Number.isInteger(rateHz) || rateHz < lowestRateHz || rateHz > highestRateHz) {
    throw new InvalidData(`its audio has the unusable rate "${rate.slice(0, 20)}"`);
  }
  return rateHz;
}
