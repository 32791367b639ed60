import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/audio/files/byte-reader.js';
import { plainMs, plainSound, readPlainHeader } from '../../../src/audio/files/plain-sound.js';
import { aiff } from './aiff-bytes.js';
import { pcm16 } from './wav-bytes.js';

const ramp = [0, 16_384, -16_384, 32_767, -32_768];
const rampAsFloat = ramp.map((sample) => sample / 32_768);

async function read(format: 'aiff' | 'au', bytes: Uint8Array) {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  const reader = new ByteReader(pieces());
  const header = await readPlainHeader(format, reader);
  if (header === undefined) return undefined;
  const mono: number[] = [];
  for await (const { samples } of plainSound(reader, header, 'test')) mono.push(...samples);
  return { mono: mono.map((sample) => sample + 0), rateHz: header.rateHz, ms: plainMs(header) };
}

function au(encoding: number, data: Uint8Array, size = data.length): Buffer {
  const head = Buffer.alloc(32);
  head.write('.snd');
  [32, size, encoding, 8000, 1].forEach((value, n) => {
    head.writeUInt32BE(value, 4 + 4 * n);
  });
  return Buffer.concat([head, data]);
}

/** AIFC: the codec behind the other fields of COMM. */
function aifc(codec: string, bits: number, data: Uint8Array, size = data.length + 8): Buffer {
  const whole = aiff(pcm16([0]), 16_000);
  const common = Buffer.from(whole.subarray(12, 38));
  common.writeUInt32BE(24, 4);
  common.writeUInt16BE(bits, 14);
  const sound = Buffer.alloc(16);
  sound.write('SSND');
  sound.writeUInt32BE(size, 4);
  return Buffer.concat([Buffer.from('FORM\0\0\0\0AIFC'), common, Buffer.from(`${codec}\0\0`), sound, data]);
}

function bigEndian16(): Buffer {
  return pcm16(ramp).swap16();
}

describe('AIFF', () => {
  it('is read at its rate, with its length', async () => {
    const whole = aiff(pcm16(ramp), 44_100);
    expect(await read('aiff', whole)).toEqual({ mono: rampAsFloat, rateHz: 44_100, ms: 5000 / 44_100 });
  });

  it.each<[string, string, number, Uint8Array, number[]]>([
    ['the highest byte first', 'NONE', 16, bigEndian16(), rampAsFloat],
    ['the lowest byte first', 'sowt', 16, pcm16(ramp), rampAsFloat],
    ['signed bytes', 'NONE', 8, Uint8Array.of(0, 64, 0xc0, 0x80), [0, 0.5, -0.5, -1]],
    ['unsigned bytes', 'raw ', 8, Uint8Array.of(128, 192, 64, 0), [0, 0.5, -0.5, -1]],
    ['24 bits', 'in24', 24, Uint8Array.of(0x40, 0, 0, 0x80, 0, 0), [0.5, -1]],
    ['floats', 'fl32', 32, Uint8Array.of(0x3f, 0, 0, 0, 0xbe, 0x80, 0, 0), [0.5, -0.25]],
    ['µ-law', 'ulaw', 16, Uint8Array.of(0xff, 0x00), [0, -32_124 / 32_768]],
    ['A-law', 'alaw', 16, Uint8Array.of(0xaa), [32_256 / 32_768]],
  ])('holds %s', async (_, codec, bits, data, expected) => {
    expect((await read('aiff', aifc(codec, bits, data)))?.mono).toEqual(expected);
  });

  it('is read to its end where a pipe left no sizes', async () => {
    expect(await read('aiff', aifc('NONE', 16, bigEndian16(), 8))).toEqual({
      mono: rampAsFloat,
      rateHz: 16_000,
      ms: undefined,
    });
  });

  it('is left to other decoders in other codecs, and where the sound comes first', async () => {
    expect(await read('aiff', aifc('ima4', 16, pcm16(ramp)))).toBeUndefined();
    expect(await read('aiff', Buffer.from('FORM\0\0\0\0AIFFSSND\0\0\0\x10aaaaaaaa'))).toBeUndefined();
    expect(await read('aiff', aiff(pcm16(ramp), 44_100).subarray(0, 30))).toBeUndefined();
  });
});

describe('AU', () => {
  it.each<[string, number, Uint8Array, number[]]>([
    ['16 bits', 3, bigEndian16(), rampAsFloat],
    ['signed bytes', 2, Uint8Array.of(0, 64, 0x80), [0, 0.5, -1]],
    ['µ-law', 1, Uint8Array.of(0xff, 0x00), [0, -32_124 / 32_768]],
    ['floats', 6, Uint8Array.of(0x3f, 0, 0, 0), [0.5]],
  ])('holds %s', async (_, encoding, data, expected) => {
    for (const size of [data.length, 0xffff_ffff]) {
      const found = await read('au', au(encoding, data, size));
      expect(found).toMatchObject({ mono: expected, rateHz: 8000 });
    }
  });

  it('is left to other decoders in other codecs', async () => {
    expect(await read('au', au(23, pcm16(ramp)))).toBeUndefined();
    expect(await read('au', au(3, pcm16(ramp)).subarray(0, 20))).toBeUndefined();
  });
});
