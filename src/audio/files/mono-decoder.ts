import { aLawToLinear, muLawToLinear } from '../samples/g711.js';
import { Downmix } from './downmix.js';
import { FloatRange } from './float-range.js';
import type { WavHeader } from './wav/wav-header.js';

type ReadSample = (bytes: DataView, offset: number) => number;

/** How samples are stored. */
export type SampleLayout = Pick<WavHeader, 'encoding' | 'sampleBytes' | 'channels'> &
  Partial<Pick<WavHeader, 'bigEndian' | 'padded'>> & {
    /** Whether 8-bit samples are signed, as everywhere but in WAV. */
    readonly signed?: boolean | undefined;
  };

/**
 * Turns interleaved sound of any WAV encoding into mono, −1 to 1, chunk by chunk. A sample cut in two by a chunk's end
 * waits for the next chunk.
 */
export class MonoDecoder {
  private readonly sampleBytes: number;
  private readonly channels: number;
  private readonly rest: Uint8Array;
  private readonly downmix: Downmix;
  private readonly range: FloatRange | undefined;
  private readonly littleEndian: boolean;
  private read: ReadSample;
  /** Whether 24 bits are looked for at the bottom of four bytes, as long as all samples fit in there. */
  private low: boolean;
  private restBytes = 0;

  constructor(layout: SampleLayout) {
    this.littleEndian = layout.bigEndian !== true;
    this.read = sampleReader(layout, this.littleEndian);
    this.sampleBytes = layout.sampleBytes;
    this.channels = layout.channels;
    this.rest = new Uint8Array(layout.sampleBytes * layout.channels);
    this.downmix = new Downmix(layout.channels);
    this.range = layout.encoding === 'float' ? new FloatRange() : undefined;
    this.low = layout.padded === 'unclear';
  }

  decode(chunk: Uint8Array): Float32Array {
    const frameBytes = this.rest.length;
    if (this.restBytes === 0) return this.decodeWhole(chunk);
    const missing = Math.min(frameBytes - this.restBytes, chunk.length);
    this.rest.set(chunk.subarray(0, missing), this.restBytes);
    this.restBytes += missing;
    if (this.restBytes < frameBytes) return new Float32Array(0);
    this.restBytes = 0;
    const first = this.decodeWhole(this.rest);
    const others = this.decodeWhole(chunk.subarray(missing));
    const mono = new Float32Array(1 + others.length);
    mono.set(first);
    mono.set(others, 1);
    return mono;
  }

  private decodeWhole(bytes: Uint8Array): Float32Array {
    const frames = Math.floor(bytes.length / this.rest.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.low) this.locateBits(view, frames * this.channels);
    const planes = Array.from({ length: this.channels }, () => new Float32Array(frames));
    let offset = 0;
    for (let frame = 0; frame < frames; frame += 1) {
      for (const plane of planes) {
        plane[frame] = this.read(view, offset);
        offset += this.sampleBytes;
      }
    }
    if (this.range !== undefined) for (const plane of planes) cleaned(plane, this.range);
    const rest = bytes.subarray(offset);
    this.rest.set(rest);
    this.restBytes = rest.length;
    return this.downmix.mix(planes);
  }

  /**
   * At the bottom, the top byte only repeats the sign. Sound at the top has other values there, unless it is silent.
   */
  private locateBits(view: DataView, samples: number): void {
    for (let n = 0; n < samples && this.low; n += 1) {
      const value = view.getInt32(n * 4, this.littleEndian);
      this.low = value >= -8_388_608 && value < 8_388_608;
    }
    const full = this.low ? 8_388_608 : 2_147_483_648;
    const { littleEndian } = this;
    this.read = (bytes, at) => bytes.getInt32(at, littleEndian) / full;
  }
}

/** Float files may contain any value, NaN and infinity included. */
function cleaned(plane: Float32Array, range: FloatRange): void {
  range.apply(plane);
  for (let n = 0; n < plane.length; n += 1) {
    const sample = plane[n] as number;
    if (!(sample >= -1 && sample <= 1)) plane[n] = Number.isNaN(sample) ? 0 : Math.sign(sample);
  }
}

function sampleReader({ encoding, sampleBytes, signed }: SampleLayout, little: boolean): ReadSample {
  switch (encoding) {
    case 'a-law':
      return (bytes, at) => aLawToLinear[bytes.getUint8(at)]! / 32_768;
    case 'mu-law':
      return (bytes, at) => muLawToLinear[bytes.getUint8(at)]! / 32_768;
    case 'float':
      return sampleBytes === 8
        ? (bytes, at) => bytes.getFloat64(at, little)
        : (bytes, at) => bytes.getFloat32(at, little);
    case 'pcm':
      if (sampleBytes === 1 && signed === true) return (bytes, at) => bytes.getInt8(at) / 128;
      return pcmReader(sampleBytes, little);
  }
}

/** WAV stores 8-bit samples unsigned and all wider ones signed. */
function pcmReader(sampleBytes: number, little: boolean): ReadSample {
  if (sampleBytes === 1) return (bytes, at) => (bytes.getUint8(at) - 128) / 128;
  if (sampleBytes === 2) return (bytes, at) => bytes.getInt16(at, little) / 32_768;
  if (sampleBytes === 3) {
    return little
      ? (bytes, at) => (bytes.getUint16(at, true) + bytes.getInt8(at + 2) * 65_536) / 8_388_608
      : (bytes, at) => (bytes.getUint16(at + 1, false) + bytes.getInt8(at) * 65_536) / 8_388_608;
  }
  return (bytes, at) => bytes.getInt32(at, little) / 2_147_483_648;
}
