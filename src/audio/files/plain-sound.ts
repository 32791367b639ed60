import { audioFailure } from './audio-failure.js';
import type { ByteReader } from './byte-reader.js';
import { MonoDecoder, type SampleLayout } from './mono-decoder.js';
import type { MonoChunk } from './pcm-frames.js';

/** Samples without compression behind a header other than WAV's. */
export interface PlainHeader {
  readonly layout: SampleLayout;
  readonly rateHz: number;
  /** Bytes of sound that follow; null where the writer did not know: then everything up to the end counts. */
  readonly dataBytes: number | null;
}

/**
 * Reads the header of AIFF, AIFC or AU up to the first byte of sound; undefined for codecs and orders of chunks that
 * only other decoders know.
 */
export async function readPlainHeader(
  format: 'aiff' | 'au',
  reader: ByteReader,
): Promise<PlainHeader | undefined> {
  const header = await (format === 'au' ? readAu(reader) : readAiff(reader));
  if (header === undefined) return undefined;
  const { rateHz, layout } = header;
  return rateHz >= 1000 && rateHz <= 384_000 && layout.channels > 0 ? header : undefined;
}

/** Length in milliseconds; undefined where the header does not say. */
export function plainMs({ layout, rateHz, dataBytes }: PlainHeader): number | undefined {
  const frameBytes = layout.channels * layout.sampleBytes;
  return dataBytes === null ? undefined : (dataBytes / frameBytes / rateHz) * 1000;
}

/** @throws VoxtermError exit 2 when there is no sound behind the header. */
export async function* plainSound(
  reader: ByteReader,
  { layout, rateHz, dataBytes }: PlainHeader,
  name: string,
): AsyncGenerator<MonoChunk, void> {
  const decoder = new MonoDecoder(layout);
  let delivered = false;
  for await (const chunk of reader.chunks(dataBytes ?? Number.POSITIVE_INFINITY)) {
    const samples = decoder.decode(chunk);
    if (samples.length === 0) continue;
    delivered = true;
    yield { samples, rateHz };
  }
  if (!delivered) throw audioFailure.noSamples(name);
}

const auLayouts = new Map<number, Omit<SampleLayout, 'channels'>>([
  [1, { encoding: 'mu-law', sampleBytes: 1 }],
  [2, { encoding: 'pcm', sampleBytes: 1, signed: true }],
  [3, { encoding: 'pcm', sampleBytes: 2 }],
  [4, { encoding: 'pcm', sampleBytes: 3 }],
  [5, { encoding: 'pcm', sampleBytes: 4 }],
  [6, { encoding: 'float', sampleBytes: 4 }],
  [7, { encoding: 'float', sampleBytes: 8 }],
  [27, { encoding: 'a-law', sampleBytes: 1 }],
]);

async function readAu(reader: ByteReader): Promise<PlainHeader | undefined> {
  const head = Buffer.from(await reader.read(24));
  if (head.length < 24) return undefined;
  const [offset, size, encoding] = [head.readUInt32BE(4), head.readUInt32BE(8), head.readUInt32BE(12)];
  const layout = auLayouts.get(encoding);
  if (layout === undefined || offset < 24) return undefined;
  await reader.skip(offset - 24);
  return {
    layout: { ...layout, channels: head.readUInt32BE(20) & 0xff, bigEndian: true },
    rateHz: head.readUInt32BE(16),
    dataBytes: size === 0xffff_ffff || size === 0 ? null : size,
  };
}

async function readAiff(reader: ByteReader): Promise<PlainHeader | undefined> {
  await reader.skip(12);
  let common: Pick<PlainHeader, 'layout' | 'rateHz'> | undefined;
  for (;;) {
    const head = Buffer.from(await reader.read(8));
    if (head.length < 8) return undefined;
    const id = head.toString('latin1', 0, 4);
    const size = head.readUInt32BE(4);
    if (id === 'SSND') {
      const places = Buffer.from(await reader.read(8));
      // Where the sound comes first, its description is at the end, and only a decoder that seeks can read it.
      if (common === undefined || places.length < 8) return undefined;
      const offset = places.readUInt32BE(0);
      await reader.skip(offset);
      const dataBytes = size - 8 - offset;
      return { ...common, dataBytes: dataBytes > 0 && size < 0x7fff_f000 ? dataBytes : null };
    }
    const body = Buffer.from(await reader.read(Math.min(size, 64)));
    if (id === 'COMM') {
      common = readCommon(body);
      if (common === undefined) return undefined;
    }
    await reader.skip(size - body.length + (size % 2));
  }
}

function readCommon(body: Buffer): Pick<PlainHeader, 'layout' | 'rateHz'> | undefined {
  if (body.length < 18) return undefined;
  const channels = body.readUInt16BE(0);
  const bits = body.readUInt16BE(6);
  // An 80-bit float: 15 bits of exponent, then the mantissa with its leading one.
  const rateHz = Math.round(body.readUInt32BE(10) * 2 ** (body.readUInt16BE(8) - 16_383 - 31));
  const codec = body.length >= 22 ? body.toString('latin1', 18, 22) : 'NONE';
  const layout = aiffLayout(codec, bits);
  return layout && { layout: { ...layout, channels }, rateHz };
}

function aiffLayout(codec: string, bits: number): Omit<SampleLayout, 'channels'> | undefined {
  const sampleBytes = Math.ceil(bits / 8);
  const integers = sampleBytes >= 1 && sampleBytes <= 4;
  switch (codec) {
    case 'NONE':
    case 'twos':
    case 'in24':
    case 'in32':
      return integers ? { encoding: 'pcm', sampleBytes, signed: true, bigEndian: true } : undefined;
    case 'sowt':
      return integers ? { encoding: 'pcm', sampleBytes, signed: true } : undefined;
    case 'raw ':
      return bits === 8 ? { encoding: 'pcm', sampleBytes } : undefined;
    case 'fl32':
    case 'FL32':
      return { encoding: 'float', sampleBytes: 4, bigEndian: true };
    case 'fl64':
    case 'FL64':
      return { encoding: 'float', sampleBytes: 8, bigEndian: true };
    case 'ulaw':
    case 'ULAW':
      return { encoding: 'mu-law', sampleBytes: 1 };
    case 'alaw':
    case 'ALAW':
      return { encoding: 'a-law', sampleBytes: 1 };
    default:
      return undefined;
  }
}
