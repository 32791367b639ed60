import { describe, expect, it } from 'vitest';
import { Base64Decoder } from '../../src/base/base64.js';

function noise(bytes: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, n) => (n * 31 + seed * 7 + (n >> 8)) & 0xff));
}

describe('Base64Decoder', () => {
  it('decodes as Buffer.from does, and no piece overwrites another', () => {
    const decoder = new Base64Decoder();
    const pieces = [0, 1, 2, 3, 4799, 4800, 16_384, 16_385, 200_000, 4801, 7].flatMap((bytes, seed) =>
      Array.from({ length: 20 }, (_, n) => noise(bytes, seed + n)),
    );
    const decoded = pieces.map((piece) => decoder.decode(piece.toString('base64')));
    for (const [n, piece] of pieces.entries()) expect(decoded[n]?.equals(piece)).toBe(true);
  });

  it('shares memory between pieces and lets samples of any width begin where a piece does', () => {
    const decoder = new Base64Decoder();
    const [first, second] = [noise(4797, 1), noise(4800, 2)].map((piece) =>
      decoder.decode(piece.toString('base64')),
    );
    expect(second?.buffer).toBe(first?.buffer);
    expect(second?.byteOffset).toBe(4800);
  });

  it.each(['!!!', 'QUJD', 'QU JD', 'QUJDRA', 'QUJDRA==', 'QUJD?RA', '-_-_'])(
    'reads %j as Buffer.from does',
    (text) => {
      expect(new Base64Decoder().decode(text)).toEqual(Buffer.from(text, 'base64'));
    },
  );

  it('is strict on request: what is decoded in part would be noise', () => {
    const sound = noise(4800, 3);
    const text = sound.toString('base64');
    const lines = text.replaceAll(/.{76}/g, '$&\r\n');
    for (const good of [text, text.replaceAll('=', ''), sound.toString('base64url'), lines]) {
      expect(new Base64Decoder().decodeStrictly(good)?.equals(sound)).toBe(true);
    }
    expect(new Base64Decoder().decodeStrictly('')).toHaveLength(0);
    for (const bad of [
      'not base64 at all!',
      `data:audio/pcm;base64,${text}`,
      '{"error":"voice not found"}',
      sound.toString('latin1'),
      sound.toString('hex'),
      `${text.slice(0, 100)}…${text.slice(100)}`,
      `${text.slice(0, 100)}=${text.slice(100)}`,
      'QUJDR',
      '!!!',
      '\0\0\0\0',
    ]) {
      expect(new Base64Decoder().decodeStrictly(bad), bad.slice(0, 30)).toBeUndefined();
    }
  });
});
