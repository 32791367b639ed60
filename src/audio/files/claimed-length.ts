import type { AudioFormat } from './sniff.js';

/** So many bytes are enough for `claimedMs`. */
export const claimBytes = 4096;

/**
 * The length in milliseconds that a recording gives for itself near its beginning; undefined where it does not. Decoders
 * that read a stream do not compare it with what was there.
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

/** The movie header, if it comes before the sound. Version 1 has times of 64 bits. */
function m4aMs(bytes: Buffer): number | undefined {
  const at = bytes.indexOf('mvhd', 0, 'latin1');
  if (at < 0 || bytes.length < at + 36 || bytes[at + 4] !== 0) return undefined;
  const unitsPerSecond = bytes.readUInt32BE(at + 16);
  const units = bytes.readUInt32BE(at + 20);
  return unitsPerSecond === 0 || units === 0 || units === 0xffff_ffff
    ? undefined
    : (units * 1000) / unitsPerSecond;
}
