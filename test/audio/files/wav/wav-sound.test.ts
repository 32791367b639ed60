import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../../src/audio/files/byte-reader.js';
import type { AudioWarning } from '../../../../src/audio/files/partial-sound.js';
import { readWav } from '../../../../src/audio/files/wav/wav-reader.js';
import { chunk, pcm16, u32, wav } from '../wav-bytes.js';

async function read(bytes: Uint8Array, chunkBytes = 7) {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const warnings: AudioWarning[] = [];
  const { header, samples } = await readWav(new ByteReader(pieces()), {
    name: 'test.wav',
    onWarning: (warning) => warnings.push(warning),
  });
  const mono: number[] = [];
  for await (const part of samples) mono.push(...part);
  return { header, mono, warnings };
}

const sine = Array.from({ length: 4000 }, (_, n) => Math.round(12_000 * Math.sin(n / 7)) + 0); // no −0
const asFloat = sine.map((sample) => sample / 32_768);
const quarters = [0, 1, 2, 3].map((n) => sine.slice(n * 1000, n * 1000 + 1000));

describe.each([1, 7, 5000])('in pieces of %i bytes, all of the sound is read', (chunkBytes) => {
  it.each<[string, Uint8Array]>([
    [
      'two data chunks',
      wav(pcm16(sine.slice(0, 1500)), { afterData: [chunk('data', pcm16(sine.slice(1500)))] }),
    ],
    ['a whole WAV for each piece', Buffer.concat(quarters.map((part) => wav(pcm16(part))))],
    [
      'a whole WAV of unknown length for each piece',
      Buffer.concat(
        quarters.map((part) => wav(pcm16(part), { dataSize: 0xffff_ffff, riffSize: 0xffff_ffff })),
      ),
    ],
    [
      'a header for the first piece only',
      Buffer.concat([wav(pcm16(sine.slice(0, 1000))), pcm16(sine.slice(1000))]),
    ],
    [
      'a header, then a WAV with its own',
      Buffer.concat([
        wav(new Uint8Array(0), { dataSize: 0xffff_ffff, riffSize: 0xffff_ffff }),
        wav(pcm16(sine)),
      ]),
    ],
    ['a made-up round size', wav(pcm16(sine), { dataSize: 2_000_000_000 })],
    [
      'a list of data chunks',
      Buffer.concat([
        wav(new Uint8Array(0)).subarray(0, 36),
        chunk('LIST', Buffer.concat([Buffer.from('wavl'), chunk('data', pcm16(sine))])),
      ]),
    ],
  ])('%s', async (_, bytes) => {
    const { mono, warnings } = await read(bytes, chunkBytes);
    expect(mono).toEqual(asFloat);
    expect(warnings).toEqual([]);
  });

  it.each<[string, Uint8Array]>([
    ['LIST that no size counts', chunk('LIST', Buffer.from('INFOISFT\x0e\0\0\0Lavf58.29.100\0', 'latin1'))],
    ['an ID3v1 tag', Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 0x20)])],
    ['an APE tag', Buffer.concat([Buffer.from('APETAGEX'), Buffer.alloc(600, 0x41)])],
    ['an ID3v2 tag in a chunk', chunk('id3 ', Buffer.alloc(500, 0x41))],
    ['a few bytes', Buffer.alloc(60, 0x7f)],
  ])('but not %s behind it', async (_, trailer) => {
    const { mono } = await read(Buffer.concat([wav(pcm16(sine)), trailer]), chunkBytes);
    expect(mono).toEqual(asFloat);
  });
});

describe('a WAV inside the stream', () => {
  it('may have another rate and more channels', async () => {
    const half = Array.from({ length: 800 }, (_, n) => Math.round(9000 * Math.sin(n / 20)));
    const stereo = pcm16(half.flatMap((sample) => [sample, sample]));
    const { header, mono } = await read(
      Buffer.concat([wav(pcm16(half)), wav(stereo, { channels: 2, rateHz: 8000 })]),
    );
    expect(header.rateHz).toBe(16_000);
    expect(mono).toHaveLength(800 + 1600);
    expect(mono[800 + 400]).toBeCloseTo((half[200] ?? 0) / 32_768, 2);
  });

  it('whose header is damaged ends the sound, with what came before it', async () => {
    const { mono } = await read(Buffer.concat([wav(pcm16(sine)), wav(pcm16(sine), { channels: 0 })]));
    expect(mono).toEqual(asFloat);
  });
});

describe('24 bits in four bytes', () => {
  const layout = (align: number, tag: number): Buffer => {
    const body = Buffer.alloc(tag === 1 ? 16 : 40);
    body.writeUInt16LE(tag, 0);
    body.writeUInt16LE(1, 2);
    body.writeUInt32LE(16_000, 4);
    body.writeUInt32LE(16_000 * align, 8);
    body.writeUInt16LE(align, 12);
    body.writeUInt16LE(24, 14);
    if (tag !== 1) {
      body.writeUInt16LE(22, 16);
      body.writeUInt16LE(24, 18);
      Buffer.from('0100000000001000800000aa00389b71', 'hex').copy(body, 24);
    }
    const fmt = chunk('fmt ', body);
    return Buffer.concat([Buffer.from('RIFF'), u32(0xffff_ffff), Buffer.from('WAVE'), fmt]);
  };
  const int32 = (values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, n) => {
      bytes.writeInt32LE(value, n * 4);
    });
    return bytes;
  };

  it.each<[string, number, number[]]>([
    ['at the bottom', 1, sine.map((sample) => sample * 256)],
    ['at the top', 1, sine.map((sample) => sample * 65_536)],
    ['at the top, as the extensible format says', 0xfffe, sine.map((sample) => sample * 65_536)],
  ])('%s', async (_, tag, values) => {
    const { mono } = await read(Buffer.concat([layout(4, tag), chunk('data', int32(values))]), 4096);
    expect(mono).toEqual(asFloat);
  });

  it('are read as three where the block size is wrong in another way', async () => {
    const packed = Buffer.concat(sine.map((sample) => int32([sample * 256]).subarray(0, 3)));
    for (const align of [0, 3, 5, 77]) {
      const { mono } = await read(Buffer.concat([layout(align, 1), chunk('data', packed)]), 4096);
      expect(mono).toEqual(asFloat);
    }
  });
});

describe('RIFX', () => {
  it.each([
    ['16 bits', 16, 2, (bytes: Buffer, value: number) => bytes.writeInt16BE(value)],
    ['24 bits', 24, 3, (bytes: Buffer, value: number) => bytes.writeIntBE(value * 256, 0, 3)],
    ['32 bits', 32, 4, (bytes: Buffer, value: number) => bytes.writeInt32BE(value * 65_536)],
  ])('holds %s with the highest byte first', async (_, bits, sampleBytes, write) => {
    const fmt = Buffer.alloc(16);
    fmt.writeUInt16BE(1, 0);
    fmt.writeUInt16BE(1, 2);
    fmt.writeUInt32BE(16_000, 4);
    fmt.writeUInt16BE(sampleBytes, 12);
    fmt.writeUInt16BE(bits, 14);
    const data = Buffer.concat(
      sine.map((sample) => {
        const bytes = Buffer.alloc(sampleBytes);
        write(bytes, sample);
        return bytes;
      }),
    );
    const size = (value: number): Buffer => u32(value).reverse();
    const body = [Buffer.from('WAVEfmt '), size(16), fmt, Buffer.from('data'), size(data.length), data];
    const whole = Buffer.concat(body);
    const { mono } = await read(Buffer.concat([Buffer.from('RIFX'), size(whole.length), whole]));
    expect(mono).toEqual(asFloat);
  });
});

describe('float', () => {
  const floats = (values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, n) => {
      bytes.writeFloatLE(value, n * 4);
    });
    return wav(bytes, { codec: 3, bits: 32 });
  };

  it.each([
    ['whole numbers', 32_768],
    ['fractions', 32_768 * 1.0001],
  ])('in the range of integers is scaled: %s', async (_, scale) => {
    const { mono } = await read(floats(asFloat.map((sample) => sample * scale)), 4096);
    mono.forEach((sample, n) => {
      expect(sample).toBeCloseTo(asFloat[n] ?? 0, 3);
    });
  });

  it('that is only too loud is clipped', async () => {
    const { mono } = await read(floats(asFloat.map((sample) => sample * 5)), 4096);
    expect(mono[4]).toBeCloseTo(Math.min(1, (asFloat[4] ?? 0) * 5), 5);
    expect(Math.max(...mono)).toBe(1);
  });

  it('keeps its scale where a few samples are damaged', async () => {
    const damaged = asFloat.map((sample, n) => (n % 1000 === 5 ? 7e8 : sample));
    const { mono } = await read(floats(damaged), 4096);
    expect(mono[10]).toBeCloseTo(asFloat[10] ?? 0, 6);
    expect(mono[3010]).toBeCloseTo(asFloat[3010] ?? 0, 6);
  });
});
