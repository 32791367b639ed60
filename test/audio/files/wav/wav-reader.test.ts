import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../../src/audio/files/byte-reader.js';
import type { AudioWarning } from '../../../../src/audio/files/partial-sound.js';
import { readWav } from '../../../../src/audio/files/wav/wav-reader.js';
import { VoxtermError } from '../../../../src/contract/failure.js';
import { chunk, ds64, pcm16, u32, type WavParts, wav } from '../wav-bytes.js';

const ramp = [0, 16_384, -16_384, 32_767, -32_768];
const rampAsFloat = ramp.map((sample) => sample / 32_768);

async function* inChunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface ReadOptions {
  readonly chunkBytes?: number;
  /** As from a regular file, whose size is known. */
  readonly file?: boolean;
}

async function read(bytes: Uint8Array, { chunkBytes = 7, file = false }: ReadOptions = {}) {
  const warnings: AudioWarning[] = [];
  const { header, durationMs, samples } = await readWav(new ByteReader(inChunksOf(bytes, chunkBytes)), {
    name: 'test.wav',
    totalBytes: file ? bytes.length : undefined,
    onWarning: (warning) => warnings.push(warning),
  });
  const mono: number[] = [];
  for await (const part of samples) mono.push(...part);
  return { header, durationMs, mono, warnings };
}

async function failure(bytes: Uint8Array, options: ReadOptions = {}): Promise<VoxtermError> {
  const error: unknown = await read(bytes, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof VoxtermError) return error;
  throw new Error(`expected a VoxtermError, got ${String(error)}`);
}

describe('encodings', () => {
  const float32 = Buffer.alloc(12);
  [0.5, -0.25, 1].forEach((value, i) => {
    float32.writeFloatLE(value, i * 4);
  });
  const float64 = Buffer.alloc(24);
  [0.5, -0.25, 1].forEach((value, i) => {
    float64.writeDoubleLE(value, i * 8);
  });
  const cases: [string, Uint8Array, WavParts, number[]][] = [
    ['PCM 8', Uint8Array.of(128, 255, 0, 192), { bits: 8 }, [0, 127 / 128, -1, 0.5]],
    ['PCM 16', pcm16(ramp), {}, rampAsFloat],
    [
      'PCM 24',
      Uint8Array.of(0, 0, 0x40, 0, 0, 0x80, 0xff, 0xff, 0xff),
      { bits: 24 },
      [0.5, -1, -1 / 2 ** 23],
    ],
    ['PCM 32', Uint8Array.of(0, 0, 0, 0x40, 0, 0, 0, 0x80), { bits: 32 }, [0.5, -1]],
    ['float 32', float32, { codec: 3, bits: 32 }, [0.5, -0.25, 1]],
    ['float 64', float64, { codec: 3, bits: 64 }, [0.5, -0.25, 1]],
    // Values of ITU-T G.711, tables 1a to 2b.
    [
      'A-law',
      Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a),
      { codec: 6, bits: 8 },
      [8, -8, 32_256, -32_256].map(linear),
    ],
    [
      'µ-law',
      Uint8Array.of(0xff, 0x7f, 0x80, 0x00),
      { codec: 7, bits: 8 },
      [0, 0, 32_124, -32_124].map(linear),
    ],
  ];

  it.each(cases)('reads %s, plain and extensible, however it is cut', async (_, data, parts, expected) => {
    for (const extensible of [false, true]) {
      for (const chunkBytes of [1, 3, 1000]) {
        const { mono } = await read(wav(data, { ...parts, extensible }), { chunkBytes });
        expect(mono.map((sample) => sample + 0)).toEqual(expected);
      }
    }
  });

  it('turns NaN and infinity in a float file into valid samples', async () => {
    const data = Buffer.alloc(16);
    [Number.NaN, Number.POSITIVE_INFINITY, -7, 0.5].forEach((value, i) => {
      data.writeFloatLE(value, i * 4);
    });
    expect((await read(wav(data, { codec: 3, bits: 32 }))).mono).toEqual([0, 1, -1, 0.5]);
  });

  it('averages channels', async () => {
    const { mono, header } = await read(wav(pcm16([16_384, 0, 0, -32_768]), { channels: 2 }));
    expect(header.channels).toBe(2);
    expect(mono).toEqual([0.25, -0.5]);
  });

  it.each([4000, 8000, 11_025, 44_100, 192_000, 384_000])('takes %i Hz', async (rateHz) => {
    const { header, durationMs } = await read(wav(pcm16(ramp), { rateHz }), { file: true });
    expect(header.rateHz).toBe(rateHz);
    expect(durationMs).toBeCloseTo(5000 / rateHz, 9);
  });

  function linear(value: number): number {
    return value / 32_768;
  }
});

describe('containers', () => {
  it('skips chunks before the sound, padded or not, and stops where the sound stops', async () => {
    const junk = chunk('JUNK', new Uint8Array(100_001).fill(7));
    const fact = chunk('fact', u32(5));
    const unpadded = chunk('LIST', Buffer.from('INFOx'), 5, false);
    const trailer = chunk('LIST', Buffer.from('INFOISFT'));
    const bytes = wav(pcm16(ramp), {
      beforeFormat: [junk],
      beforeData: [fact, unpadded],
      afterData: [trailer],
    });
    const { mono, warnings } = await read(bytes, { file: true });
    expect(mono).toEqual(rampAsFloat);
    expect(warnings).toEqual([]);
  });

  it.each(['RF64', 'BW64'] as const)('takes the size of %s from ds64', async (container) => {
    const bytes = wav(pcm16(ramp), {
      container,
      riffSize: 0xffff_ffff,
      dataSize: 0xffff_ffff,
      beforeFormat: [ds64(10n)],
      afterData: [chunk('LIST', Buffer.from('INFO'))],
    });
    const { mono, durationMs } = await read(bytes);
    expect(mono).toEqual(rampAsFloat);
    expect(durationMs).toBeCloseTo(5000 / 16_000, 9);
  });

  it.each([0, 0xffff_ffff, 0xffff_ffdb, 0x7fff_ffff, 0x7fff_f000, 0x8000_0000])(
    'reads a pipe to its end when it claims %i bytes',
    async (dataSize) => {
      const { mono, durationMs, warnings } = await read(
        wav(pcm16(ramp), { dataSize, riffSize: 0xffff_ffff }),
      );
      expect(mono).toEqual(rampAsFloat);
      expect(durationMs).toBeUndefined();
      expect(warnings).toEqual([]);
    },
  );

  it('reads on when a crashed writer left zeros in both sizes', async () => {
    const { mono, durationMs } = await read(wav(pcm16(ramp), { dataSize: 0, riffSize: 36 }), { file: true });
    expect(mono).toEqual(rampAsFloat);
    expect(durationMs).toBeCloseTo(5000 / 16_000, 9);
  });

  it('does not read the chunks after empty sound as sound', async () => {
    const bytes = wav(new Uint8Array(0), { afterData: [chunk('LIST', Buffer.from('INFOISFTabcd'))] });
    expect((await failure(bytes)).code).toBe('audio.no-samples');
  });

  it('delivers what is there of a truncated file, with a warning', async () => {
    const whole = wav(pcm16(Array.from({ length: 16_000 }, () => 100)));
    const { mono, durationMs, warnings } = await read(whole.subarray(0, 44 + 8001), { file: true });
    expect(mono).toHaveLength(4000);
    expect(durationMs).toBeCloseTo(250, 0);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({
      code: 'audio.truncated',
      message: '"test.wav" is cut off: only the first 0.25 s of 1.00 s are there. They were used.',
    });
  });
});

describe('what cannot be used', () => {
  const fmtless = Buffer.concat([
    Buffer.from('RIFF'),
    u32(100),
    Buffer.from('WAVE'),
    chunk('data', pcm16(ramp)),
  ]);
  const shortFmt = Buffer.concat([Buffer.from('RIFF'), u32(100), Buffer.from('WAVE'), chunk('fmt ', u32(1))]);
  const cases: [string, Uint8Array, string, RegExp][] = [
    ['nothing', new Uint8Array(0), 'audio.bad-header', /does not begin with RIFF/],
    ['text', Buffer.from('Hello there, this is text'), 'audio.bad-header', /does not begin with RIFF/],
    ['a cut-off header', wav(pcm16(ramp)).subarray(0, 40), 'audio.bad-header', /ends before its sound/],
    ['no format', fmtless, 'audio.bad-header', /how its sound is encoded/],
    ['a short format', shortFmt, 'audio.bad-header', /cut off/],
    ['no samples', wav(new Uint8Array(0)), 'audio.no-samples', /no sound after it/],
    ['half a sample', wav(Uint8Array.of(1)), 'audio.no-samples', /no sound after it/],
    ['0 channels', wav(pcm16(ramp), { channels: 0 }), 'audio.bad-header', /0 channels/],
    ['0 Hz', wav(pcm16(ramp), { rateHz: 0 }), 'audio.bad-header', /rate of 0 Hz/],
    ['4 GHz', wav(pcm16(ramp), { rateHz: 4_000_000_000 }), 'audio.bad-header', /4000000000 Hz/],
    ['IMA ADPCM', wav(pcm16(ramp), { codec: 0x11, bits: 4 }), 'audio.unsupported-codec', /in IMA ADPCM,/],
    ['MP3', wav(pcm16(ramp), { codec: 0x55, bits: 0 }), 'audio.unsupported-codec', /in MP3,/],
    ['an unknown codec', wav(pcm16(ramp), { codec: 0x1234 }), 'audio.unsupported-codec', /codec 0x1234/],
    ['extensible GSM', wav(pcm16(ramp), { codec: 0x31, extensible: true }), 'audio.unsupported-codec', /GSM/],
    ['PCM 64', wav(pcm16(ramp), { bits: 64 }), 'audio.unsupported-codec', /PCM with 64 bits/],
    ['float 16', wav(pcm16(ramp), { codec: 3, bits: 16 }), 'audio.unsupported-codec', /float with 16 bits/],
  ];

  it.each(cases)('explains what is wrong: %s', async (_, bytes, code, message) => {
    const error = await failure(bytes);
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.message).toContain('"test.wav"');
    expect(error.hint).toMatch(/\.$|wav$/);
  });

  it('never throws anything else, whatever the bytes', async () => {
    const valid = wav(pcm16(ramp), { beforeData: [chunk('LIST', Buffer.from('INFOabc'))] });
    const damaged = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 12 })
      .map((changes) => {
        const bytes = Buffer.from(valid);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    const prefixed = fc
      .uint8Array({ maxLength: 200 })
      .map((rest) => Buffer.concat([valid.subarray(0, 12), rest]));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(damaged, prefixed, fc.uint8Array({ maxLength: 100 })),
        fc.boolean(),
        async (bytes, file) => {
          try {
            const { mono } = await read(bytes, { file });
            expect(mono.length).toBeGreaterThan(0);
            expect(mono.length).toBeLessThanOrEqual(bytes.length);
            expect(mono.every((sample) => Math.abs(sample) <= 1)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(VoxtermError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
