import { audioFailure } from '../audio-failure.js';
import type { ByteReader } from '../byte-reader.js';

type WavEncoding = 'pcm' | 'float' | 'a-law' | 'mu-law';

/** What a WAV header says about the samples. */
export interface WavHeader {
  readonly encoding: WavEncoding;
  readonly rateHz: number;
  readonly channels: number;
  /** Of one sample of one channel: 1 to 4, or 8. */
  readonly sampleBytes: number;
  /** In RIFX, written on machines that store the highest byte first. */
  readonly bigEndian: boolean;
  /** 24 bits in four bytes: where they are. `unclear` where writers disagree. */
  readonly padded: 'no' | 'unclear';
  /** Bytes of sound that follow; null when the writer did not know (a pipe): then everything up to the end counts. */
  readonly dataBytes: number | null;
  /** Where the container says that it ends, counted in the reader's bytes; null when it does not know. */
  readonly endsAt: number | null;
}

/** The common ones of the more than 250 codecs in Windows' `mmreg.h`. */
const codecNames = new Map([
  [0x0002, 'Microsoft ADPCM'],
  [0x0011, 'IMA ADPCM'],
  [0x0031, 'GSM 6.10'],
  [0x0040, 'G.721 ADPCM'],
  [0x0045, 'G.726 ADPCM'],
  [0x0050, 'MPEG layer 1 or 2'],
  [0x0055, 'MP3'],
  [0x00ff, 'AAC'],
  [0x0161, 'Windows Media Audio'],
  [0x0162, 'Windows Media Audio Professional'],
  [0x2000, 'AC-3'],
  [0x674f, 'Ogg Vorbis'],
  [0x704f, 'Opus'],
  [0xf1ac, 'FLAC'],
]);

type Format = Omit<WavHeader, 'dataBytes' | 'endsAt'>;

/**
 * Reads up to the first byte of sound: RIFF, RIFX, or RF64 and BW64 with their 64-bit sizes (EBU Tech 3306). Skips all
 * chunks other than `fmt ` and `data`.
 * @throws VoxtermError exit 2 when there is no usable header.
 */
export async function readWavHeader(reader: ByteReader, name: string): Promise<WavHeader> {
  const riff = await reader.read(12);
  if (!beginsWav(riff)) throw audioFailure.brokenHeader(name, 'it does not begin with RIFF and WAVE');
  const littleEndian = text(riff, 0) !== 'RIFX';
  const riffBytes = view(riff).getUint32(4, littleEndian);
  // The size does not count the first eight bytes.
  const endsAt = invented(riffBytes) ? null : reader.position - 12 + 8 + riffBytes;
  let longDataBytes: number | undefined;
  let format: Format | undefined;
  for (;;) {
    const head = await reader.read(8);
    if (head.length < 8) throw audioFailure.brokenHeader(name, 'it ends before its sound begins');
    const id = text(head, 0);
    const size = view(head).getUint32(4, littleEndian);
    if (id === 'data') {
      if (format === undefined)
        throw audioFailure.brokenHeader(name, 'it does not say how its sound is encoded');
      const moreChunks = endsAt !== null && endsAt > reader.position;
      return { ...format, dataBytes: dataBytes(size, longDataBytes, moreChunks), endsAt };
    }
    if (id === 'LIST' && text(await reader.peek(4), 0) === 'wavl') {
      await reader.skip(4); // a list of sound chunks
      continue;
    }
    const body = await reader.read(Math.min(size, 64));
    if (id === 'ds64' && body.length >= 16) longDataBytes = Number(view(body).getBigUint64(8, true));
    else if (id === 'fmt ') format = readFormat(body, littleEndian, name);
    await reader.skip(size - body.length);
    if (size % 2 === 1) await skipPadding(reader);
  }
}

/**
 * A writer that cannot seek leaves a made-up size: 0, or about 2 or 4 GiB (arecord, sox, ffmpeg). Zero is believed only
 * when the container has further chunks: then it is a finished, empty file.
 */
export function dataBytes(
  size: number,
  longDataBytes: number | undefined,
  moreChunks: boolean,
): number | null {
  if (size === 0xffff_ffff && longDataBytes !== undefined) {
    return longDataBytes > 0 && Number.isSafeInteger(longDataBytes) ? longDataBytes : null;
  }
  if (size === 0) return moreChunks ? 0 : null;
  return invented(size) ? null : size;
}

function invented(size: number): boolean {
  const round = size >= 1_000_000_000 && size % 1_000_000 === 0;
  return round || size >= 0xffff_f000 || (size >= 0x7fff_f000 && size <= 0x8000_0000);
}

/** Whether a WAV file begins here. */
export function beginsWav(head: Uint8Array): boolean {
  return ['RIFF', 'RIFX', 'RF64', 'BW64'].includes(text(head, 0)) && text(head, 8) === 'WAVE';
}

/** Chunks of odd length are followed by a padding byte, which some writers omit. Chunk names never begin with 0. */
export async function skipPadding(reader: ByteReader): Promise<void> {
  const [padding] = await reader.peek(1);
  if (padding === 0) await reader.skip(1);
}

function readFormat(body: Uint8Array, littleEndian: boolean, name: string): Format {
  if (body.length < 16) throw audioFailure.brokenHeader(name, 'the description of its sound is cut off');
  const fields = view(body);
  const tag = fields.getUint16(0, littleEndian);
  const channels = fields.getUint16(2, littleEndian);
  const rateHz = fields.getUint32(4, littleEndian);
  const frameBytes = fields.getUint16(12, littleEndian);
  const bits = fields.getUint16(14, littleEndian);
  if (channels === 0) throw audioFailure.brokenHeader(name, 'it claims to have 0 channels');
  if (rateHz < 1000 || rateHz > 384_000) {
    throw audioFailure.brokenHeader(name, `it claims a sample rate of ${rateHz} Hz`);
  }
  // WAVE_FORMAT_EXTENSIBLE carries the real tag in the first two bytes of a GUID.
  const extensible = tag === 0xfffe && body.length >= 26;
  const codec = extensible ? fields.getUint16(24, littleEndian) : tag;
  const encoding = encodingOf(codec, bits, name);
  const format = { ...encoding, rateHz, channels, bigEndian: !littleEndian, padded: 'no' } as const;
  if (codec !== 1 || encoding.sampleBytes !== 3 || frameBytes !== channels * 4) return format;
  // The extensible format puts the bits at the top of their four bytes. The plain one does not provide for any.
  return { ...format, sampleBytes: 4, padded: extensible ? 'no' : 'unclear' };
}

function encodingOf(codec: number, bits: number, name: string): Pick<WavHeader, 'encoding' | 'sampleBytes'> {
  const sampleBytes = Math.ceil(bits / 8);
  if (codec === 1 && sampleBytes >= 1 && sampleBytes <= 4) return { encoding: 'pcm', sampleBytes };
  if (codec === 3 && (bits === 32 || bits === 64)) return { encoding: 'float', sampleBytes };
  if (codec === 6 && bits === 8) return { encoding: 'a-law', sampleBytes };
  if (codec === 7 && bits === 8) return { encoding: 'mu-law', sampleBytes };
  const kind = codec === 1 ? 'PCM' : codec === 3 ? 'float' : undefined;
  if (kind !== undefined) throw audioFailure.unsupportedCodec(name, `${kind} with ${bits} bits per sample`);
  const hex = codec.toString(16).padStart(4, '0');
  throw audioFailure.unsupportedCodec(name, codecNames.get(codec) ?? `codec 0x${hex}`);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(bytes: Uint8Array, from: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + 4));
}
