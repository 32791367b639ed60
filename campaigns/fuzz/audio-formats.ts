import { readFileSync } from 'node:fs';
import { AmrFrames } from '../../src/audio/files/amr-frames.js';
import { ByteReader } from '../../src/audio/files/byte-reader.js';
import { claimBytes, claimedMs } from '../../src/audio/files/claimed-length.js';
import { recogniseFormat } from '../../src/audio/files/lead-in.js';
import { OggPages } from '../../src/audio/files/ogg-pages.js';
import { formatTitles } from '../../src/audio/files/sniff.js';
import { byteTarget } from '../fuzzing/inputs.js';

function recording(name: string, bytes: number): Uint8Array {
  const file = new URL(`../../test/fixtures/audio/question.${name}`, import.meta.url);
  return readFileSync(file).subarray(0, bytes);
}

const mp3 = recording('mp3', 2000);
const id3 = mp3.subarray(0, 45);
const seeds = [
  mp3,
  mp3.subarray(145),
  Buffer.concat([id3, recording('flac', 600)]),
  Buffer.concat([Buffer.alloc(300), recording('ogg', 900)]),
  recording('opus', 1200),
  recording('m4a', 900),
  Buffer.concat([Buffer.from('\r\n'), recording('wav', 300)]),
  Buffer.from(
    'APETAGEX\xd0\x07\0\0\x08\0\0\0\0\0\0\0\0\0\0\xa0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
    'latin1',
  ),
  Buffer.from('#!AMR\n\x3c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x7c\x7c', 'latin1'),
  Buffer.from('FORM\0\0\0\x2eAIFFCOMM\0\0\0\x12\0\x01\0\0\xa2\x26\0\x10\x40\x0c\xfa\0\0\0\0\0\0\0', 'latin1'),
];

export const target = byteTarget({
  about: 'the beginning of a recording: a format we know, or words; and lengths that are numbers',
  seeds,
  async check(bytes) {
    const reader = new ByteReader(pieces(bytes));
    const found = await recogniseFormat(reader);
    if (reader.position > bytes.length)
      throw new Error(`skipped ${reader.position} of ${bytes.length} bytes`);
    if ('looksLike' in found) {
      if (found.looksLike === '') throw new Error('no words');
      return;
    }
    if (!(found.format in formatTitles)) throw new Error(`an unknown format: ${found.format}`);
    const ms = claimedMs(found.format, await reader.peek(claimBytes));
    if (ms !== undefined && !(ms >= 0 && Number.isFinite(ms))) throw new Error(`a length of ${ms} ms`);
    const [pages, frames] = [new OggPages(), new AmrFrames()];
    for await (const chunk of reader.chunks()) {
      pages.push(chunk);
      frames.push(chunk);
    }
    if (frames.durationMs > bytes.length * 20) throw new Error(`${frames.durationMs} ms of AMR`);
  },
});

/** Cut at places that no reader expects. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += 97) yield bytes.subarray(at, at + 97);
}
