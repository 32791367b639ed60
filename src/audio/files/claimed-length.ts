import type { AudioFormat } from './sniff.js';

/** So many bytes are enough for `claimedMs`. */
export const claimBytes = 4096;

/**
 * The length in milliseconds that a recording gives for itself near its beginning; undefined where it does not.
 * Decoders that read a stream do not compare it with what was there.
 */
export function claimedMs(format: AudioFormat, head: Uint8Array): number | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  switch (format) {
    case 'flac':
      return flacMs(bytes);
    case 'mp3':
      return mp3Ms(bytes);
    case 'aiff':
      return aiffMs(bytes);
    case 'm4a':
      return m4aMs(bytes);
    case 'tta':
      return ttaMs(bytes);
    case 'wma':
      return wmaMs(bytes);
    case 'webm':
      return webmMs(bytes);
    default:
      return undefined;
  }
}

/** STREAMINFO: 20 bits of rate, 3 of channels, 5 of sample size, 36 of samples. */
function flacMs(bytes: Buffer): number | undefined {
  if (bytes.length < 26 || ((bytes[4] ?? 0) & 0x7f) !== 0) return undefined;
  const rateHz = bytes.readUIntBE(18, 3) >> 4;
  const samples = ((bytes[21] ?? 0) & 15) * 2 ** 32 + bytes.readUInt32BE(22);
  return rateHz === 0 || samples === 0 ? undefined : (samples * 1000) / rateHz;
}

/** The frame that encoders put first, with a count of the others. */
function mp3Ms(bytes: Buffer): number | undefined {
  const second = bytes[1] ?? 0;
  const isVersion1 = ((second >> 3) & 3) === 3;
  const isMono = ((bytes[3] ?? 0) & 0xc0) === 0xc0;
  const at = 4 + (isVersion1 ? (isMono ? 17 : 32) : isMono ? 9 : 17);
  const tag = bytes.toString('latin1', at, at + 4);
  if ((tag !== 'Xing' && tag !== 'Info') || bytes.length < at + 12) return undefined;
  if ((bytes.readUInt32BE(at + 4) & 1) === 0) return undefined;
  const rateHz =
    ([44_100, 48_000, 32_000][((bytes[2] ?? 0) >> 2) & 3] ?? 0) /
    (isVersion1 ? 1 : ((second >> 3) & 3) === 2 ? 2 : 4);
  if (rateHz === 0) return undefined;
  return (bytes.readUInt32BE(at + 8) * (isVersion1 ? 1152 : 576) * 1000) / rateHz;
}

/** COMM: channels, samples, bits, and the rate as an 80-bit float. */
function aiffMs(bytes: Buffer): number | undefined {
  const at = bytes.indexOf('COMM', 12, 'latin1');
  if (at < 0 || bytes.length < at + 26) return undefined;
  const samples = bytes.readUInt32BE(at + 10);
  const exponent = bytes.readUInt16BE(at + 16) - 16_383 - 31;
  const rateHz = bytes.readUInt32BE(at + 18) * 2 ** exponent;
  const ms = (samples * 1000) / rateHz;
  return samples === 0xffff_ffff || !Number.isFinite(ms) || ms === 0 ? undefined : ms;
}

/**
 * The movie header, if it comes before the sound. Version 1 has times of 64 bits; a video may be longer than its sound.
 */
function m4aMs(bytes: Buffer): number | undefined {
  if (bytes.includes('vide')) return undefined;
  const at = bytes.indexOf('mvhd', 0, 'latin1');
  if (at < 0 || bytes.length < at + 36 || bytes[at + 4] !== 0) return undefined;
  const unitsPerSecond = bytes.readUInt32BE(at + 16);
  const units = bytes.readUInt32BE(at + 20);
  return unitsPerSecond === 0 || units === 0 || units === 0xffff_ffff
    ? undefined
    : (units * 1000) / unitsPerSecond;
}

/** The rate and the count of samples behind the magic number, the codec, the channels and the bits. */
function ttaMs(bytes: Buffer): number | undefined {
  if (bytes.length < 18) return undefined;
  const rateHz = bytes.readUInt32LE(10);
  return rateHz === 0 ? undefined : (bytes.readUInt32LE(14) * 1000) / rateHz;
}

/** ASF's File Properties: its GUID, then 40 bytes to the duration in units of 100 ns, then 8 to the time before it. */
const fileProperties = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');

function wmaMs(bytes: Buffer): number | undefined {
  const at = bytes.indexOf(fileProperties);
  if (at < 0 || bytes.length < at + 88) return undefined;
  const ms = Number(bytes.readBigUInt64LE(at + 64)) / 10_000 - Number(bytes.readBigUInt64LE(at + 80));
  return ms > 0 && ms < 1e12 ? ms : undefined;
}

/**
 * Duration (element 0x4489) as a float, in units that are milliseconds unless TimestampScale says otherwise. Names of
 * video codecs begin with V_: then it may be longer than the sound.
 */
function webmMs(bytes: Buffer): number | undefined {
  if (bytes.includes('V_')) return undefined;
  const info = bytes.indexOf('1549a966', 0, 'hex');
  const at = info < 0 ? -1 : bytes.indexOf('4489', info + 4, 'hex');
  if (at < 0 || bytes.length < at + 11) return undefined;
  const scaleAt = bytes.indexOf('2ad7b1', info + 4, 'hex');
  const scaleNs =
    scaleAt > 0 && scaleAt < at && bytes[scaleAt + 3] === 0x83 ? bytes.readUIntBE(scaleAt + 4, 3) : 1_000_000;
  const size = bytes[at + 2];
  const units =
    size === 0x88 ? bytes.readDoubleBE(at + 3) : size === 0x84 ? bytes.readFloatBE(at + 3) : Number.NaN;
  const ms = (units * scaleNs) / 1e6;
  return ms > 0 && ms < 1e12 ? ms : undefined;
}
