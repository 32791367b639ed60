import type { ByteReader } from './byte-reader.js';
import { chainBytes, findFrames, framesAt } from './mpeg-frames.js';
import { type AudioFormat, container, type Sniffed, sniff, sniffBytes } from './sniff.js';

/** How far the beginning of the sound is searched for behind bytes that belong to no format. */
const searchBytes = 65_536;

/**
 * Finds out the format and moves the reader to where the sound's own bytes begin: behind tags (ID3, APE), zeros, empty
 * lines, and the rest of a frame that a cut left. Where no format is found, the reader stays behind the tags.
 */
export async function recogniseFormat(reader: ByteReader): Promise<Sniffed> {
  const tagged = await skipTags(reader);
  const sniffed = sniff(await reader.peek(sniffBytes));
  if ('format' in sniffed) return confirmed(sniffed.format, reader);
  if (sniffed.certain) return sniffed;
  const found = await search(reader);
  if (found !== undefined) {
    await reader.skip(found.at);
    return { format: found.format };
  }
  const bytes = await reader.peek(searchBytes);
  if (namesOtherFiles(bytes)) return { looksLike: 'it is a playlist', certain: true };
  const after = sniff(bytes.subarray(await blankBytes(reader)));
  if (!('format' in after) && after.certain) return after;
  // Tags are for music, and most of it is MP3: its decoder says best what is wrong.
  return tagged && !('format' in after) ? { format: 'mp3' } : sniffed;
}

async function skipTags(reader: ByteReader): Promise<boolean> {
  for (let tags = 0; ; tags += 1) {
    const tagBytes = tagLength(await reader.peek(32));
    if (tagBytes === undefined || tags > 32) return tags > 0;
    await reader.skip(tagBytes);
  }
}

/** Length of the tag that begins here, its header included. */
function tagLength(head: Uint8Array): number | undefined {
  const text = String.fromCharCode(...head.subarray(0, 8));
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (text.startsWith('ID3') && head.length >= 10) {
    // Four times seven bits; a footer repeats the header.
    const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((head[at] ?? 0) & 0x7f), 0);
    return 10 + size + ((head[5] ?? 0) & 0x10 ? 10 : 0);
  }
  // Version 2 at the beginning of a file has a header, which its size does not count.
  if (text === 'APETAGEX' && head.length >= 32) return 32 + view.getUint32(12, true);
  return undefined;
}

/** One frame header may be chance. If no second one follows, the stream may begin with a part of a frame. */
async function confirmed(format: AudioFormat, reader: ByteReader): Promise<Sniffed> {
  if (format !== 'mp3' && format !== 'aac' && format !== 'loas') return { format };
  if (await beginsWithFrames(reader)) return { format };
  const found = await search(reader);
  if (found !== undefined) {
    await reader.skip(found.at);
    return { format: found.format };
  }
  // Free-format MP3, or one frame.
  return format === 'loas'
    ? { looksLike: 'its first bytes match no supported audio format', certain: false }
    : { format };
}

/** Looks at no more bytes than it takes, because a live stream may bring only a few thousand in a second. */
export async function beginsWithFrames(reader: ByteReader): Promise<boolean> {
  for (const count of [sniffBytes, sniffBytes * 4, chainBytes]) {
    const bytes = await reader.held(count);
    if (framesAt(bytes, 0, bytes.length < count) !== undefined) return true;
    if (bytes.length < count) return false;
  }
  return false;
}

async function search(
  reader: ByteReader,
): Promise<{ readonly format: AudioFormat; readonly at: number } | undefined> {
  const bytes = await reader.peek(searchBytes);
  const blank = await blankBytes(reader);
  const begun = container(bytes.subarray(blank, blank + sniffBytes));
  if (begun !== undefined) return { format: begun, at: blank };
  return earlier(findContainer(bytes), findFrames(bytes));
}

function earlier<T extends { readonly at: number }>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.at <= b.at ? a : b;
}

/** Only beginnings that are too long to be chance. */
function findContainer(bytes: Uint8Array): { readonly format: AudioFormat; readonly at: number } | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let first: { readonly format: AudioFormat; readonly at: number } | undefined;
  // An Ogg page of version 0 that begins a stream; the STREAMINFO block of FLAC has 34 bytes.
  for (const [word, back] of [
    ['WAVE', 8],
    ['OggS\0\x02', 0],
    ['fLaC\0\0\0\x22', 0],
    ['AIFF', 8],
    ['AIFC', 8],
    ['ftyp', 4],
    ['caff\0\x01', 0],
    ['#!AMR', 0],
  ] as const) {
    const at = buffer.indexOf(word, back, 'latin1') - back;
    if (at < 0) continue;
    const format = container(buffer.subarray(at, at + sniffBytes));
    if (format !== undefined) first = earlier(first, { format, at });
  }
  return first;
}

/** The lists of files that ffmpeg finds anywhere in a file: it would read files of this computer that they name. */
function namesOtherFiles(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return /<MPD[\s>]|<AssetMap[\s>]|#EXTM3U|ffconcat version/i.test(text);
}

/** How many zeros, blanks and line ends come first. */
async function blankBytes(reader: ByteReader): Promise<number> {
  const bytes = await reader.peek(searchBytes);
  const at = bytes.findIndex((byte) => byte !== 0 && byte !== 0x0d && byte !== 0x0a && byte !== 0x20);
  return at === -1 ? bytes.length : at;
}
