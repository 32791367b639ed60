import { aLawToLinear, muLawToLinear } from '../samples/g711.js';
import type { WavHeader } from './wav-header.js';

type ReadSample = (bytes: DataView, offset: number) => number;

/**
 * Turns interleaved sound of any WAV encoding into mono, −1 to 1, chunk by chunk. Channels are averaged. A sample cut
 * in two by a chunk's end waits for the next chunk.
 */
export class MonoDecoder {
  private readonly read: ReadSample;
  private readonly sampleBytes: number;
  private readonly channels: number;
  private readonly rest: Uint8Array;
  private restBytes = 0;

  constructor(header: Pick<WavHeader, 'encoding' | 'sampleBytes' | 'channels'>) {
    this.read = sampleReader(header);
    this.sampleBytes = header.sampleBytes;
    this.channels = header.channels;
    this.rest = new Uint8Array(header.sampleBytes * header.channels);
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
    const frameBytes = this.rest.length;
    const mono = new Float32Array(Math.floor(bytes.length / frameBytes));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (let frame = 0; frame < mono.length; frame++) {
      let sum = 0;
      for (let channel = 0; channel < this.channels; channel++, offset += this.sampleBytes) {
        sum += this.read(view, offset);
      }
      const mean = sum / this.channels;
      // Float files may contain any value, NaN and infinity included.
      mono[frame] = mean >= -1 && mean <= 1 ? mean : Number.isNaN(mean) ? 0 : Math.sign(mean);
    }
    const rest = bytes.subarray(offset);
    this.rest.set(rest);
    this.restBytes = rest.length;
    return mono;
  }
}

function sampleReader(header: Pick<WavHeader, 'encoding' | 'sampleBytes'>): ReadSample {
  switch (header.encoding) {
    case 'a-law':
      return (bytes, at) => aLawToLinear[bytes.getUint8(at)]! / 32_768;
    case 'mu-law':
      return (bytes, at) => muLawToLinear[bytes.getUint8(at)]! / 32_768;
    case 'float':
      return header.sampleBytes === 8
        ? (bytes, at) => bytes.getFloat64(at, true)
        : (bytes, at) => bytes.getFloat32(at, true);
    case 'pcm':
      return pcmReader(header.sampleBytes);
  }
}

/** WAV stores 8-bit samples unsigned and all wider ones signed. */
function pcmReader(sampleBytes: number): ReadSample {
  if (sampleBytes === 1) return (bytes, at) => (bytes.getUint8(at) - 128) / 128;
  if (sampleBytes === 2) return (bytes, at) => bytes.getInt16(at, true) / 32_768;
  if (sampleBytes === 3) {
    return (bytes, at) => (bytes.getUint16(at, true) + bytes.getInt8(at + 2) * 65_536) / 8_388_608;
  }
  return (bytes, at) => bytes.getInt32(at, true) / 2_147_483_648;
}
