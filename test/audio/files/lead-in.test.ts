import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/audio/files/byte-reader.js';
import { recogniseFormat } from '../../../src/audio/files/lead-in.js';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url));
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The format found, and how many bytes before it were skipped. */
async function found(bytes: Uint8Array, chunkBytes = 999): Promise<[string, number]> {
  const reader = new ByteReader(inChunks(bytes, chunkBytes));
  const sniffed = await recogniseFormat(reader);
  return ['format' in sniffed ? sniffed.format : sniffed.looksLike, reader.position];
}

/** ID3 2.4 with 300 bytes in it: its size is written seven bits at a time. */
const id3 = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x02\x2c', 'latin1'), Buffer.alloc(300, 0x41)]);
const id3WithFooter = Buffer.concat([
  Buffer.from('ID3\x04\0\x10\0\0\0\x05', 'latin1'),
  Buffer.alloc(5),
  Buffer.from('3DI\x04\0\x10\0\0\0\x05', 'latin1'),
]);
const ape = Buffer.alloc(72);
ape.write('APETAGEX');
ape.writeUInt32LE(2000, 8);
ape.writeUInt32LE(40, 12);

/** Two thirds of a frame. */
const cut = fixture('question.mp3').subarray(-100);
const leadIns: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['an ID3 tag', id3],
  ['an ID3 tag with a footer', id3WithFooter],
  ['two ID3 tags and zeros', Buffer.concat([id3, id3, Buffer.alloc(184)])],
  ['an APE tag', ape],
  ['1500 zeros', Buffer.alloc(1500)],
  ['an empty line', Buffer.from('\r\n')],
  ['half a frame', cut],
  ['a tag, zeros and half a frame', Buffer.concat([id3, Buffer.alloc(77), cut])],
];
const formats = [
  ['question.wav', 'wav'],
  ['question.flac', 'flac'],
  ['question.ogg', 'vorbis'],
  ['question.opus', 'opus'],
  ['question.m4a', 'm4a'],
] as const;

describe.each(leadIns)('behind %s', (_, leadIn) => {
  it.each(formats)('%s is recognised', async (name, format) => {
    for (const chunkBytes of [100, 65_536]) {
      expect(await found(Buffer.concat([leadIn, fixture(name)]), chunkBytes)).toEqual([
        format,
        leadIn.length,
      ]);
    }
  });
});

describe('MP3', () => {
  const mp3 = fixture('question.mp3');
  const [, tagBytes] = [0, 10 + (mp3[9] ?? 0)];
  const bare = mp3.subarray(tagBytes);

  it('is recognised behind its own tag', async () => {
    expect(await found(mp3)).toEqual(['mp3', tagBytes]);
  });

  it.each([1, 13, 100, 143])(
    'begins at the next frame where the first %i bytes are missing',
    async (missing) => {
      const [format, skipped] = await found(bare.subarray(missing));
      expect(format).toBe('mp3');
      expect(skipped).toBeGreaterThan(0);
      expect(skipped).toBeLessThan(400);
      expect([...bare.subarray(missing + skipped, missing + skipped + 1)]).toEqual([0xff]);
    },
  );

  it('needs several frames: the first bytes of one are also samples', async () => {
    const samples = Buffer.concat([bare.subarray(0, 4), Buffer.alloc(20_000, 0x31)]);
    expect((await found(samples))[0]).toBe('mp3'); // said by its decoder: it cannot be anything else
    const midway = Buffer.concat([Buffer.alloc(400, 0x91), bare.subarray(0, 4), Buffer.alloc(20_000, 0x91)]);
    expect((await found(midway))[0]).toMatch(/match no supported/);
  });
});

describe('what is not sound', () => {
  it.each([
    ['text behind an empty line', '\r\n\r\nhello there, this is text', 'it is text'],
    ['a web page', '<!doctype html><html>', 'it is a web page'],
    ['a playlist with a byte that is not text', '#EXTM3U\n\x01\n/etc/passwd', 'it is a playlist'],
    ['a playlist behind a tag', 'ID3\x03\0\0\0\0\0\x02\0\0ffconcat version 1.0\n\x01', 'it is a playlist'],
    [
      'a playlist inside other data',
      `\x91\x92${'\x93'.repeat(900)}<MPD profiles="dash">`,
      'it is a playlist',
    ],
    ['a ZIP archive behind zeros', `${'\0'.repeat(20)}PK\x03\x04${'\0'.repeat(400)}`, /ZIP/],
  ])('%s is named', async (_, text, words) => {
    expect((await found(Buffer.from(text, 'latin1')))[0]).toMatch(words);
  });

  it('endless zeros are given up', async () => {
    async function* zeros(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(65_536);
    }
    const reader = new ByteReader(zeros());
    expect(await recogniseFormat(reader)).toMatchObject({ certain: false });
  });

  it('a tag that claims 256 MB in a small file ends with it', async () => {
    const huge = Buffer.from('ID3\x03\0\0\x7f\x7f\x7f\x7f', 'latin1');
    expect(await found(Buffer.concat([huge, Buffer.alloc(50)]))).toEqual(['mp3', 60]);
  });
});
