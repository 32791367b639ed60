import { frameHeader } from './mpeg-frames.js';

/** Audio formats, recognised by their first bytes: file names are not reliable. */
export type AudioFormat =
  | 'wav'
  | 'mp3'
  | 'flac'
  | 'vorbis'
  | 'opus'
  | 'ogg'
  | 'm4a'
  | 'aac'
  | 'loas'
  | 'webm'
  | 'aiff'
  | 'caf'
  | 'amr'
  | 'wma'
  | 'wavpack'
  | 'tta'
  | 'avi'
  | 'au'
  | 'w64'
  | 'voc'
  | 'flv'
  | 'mpegts';

/** Their names in messages. */
export const formatTitles: Readonly<Record<AudioFormat, string>> = {
  wav: 'WAV',
  mp3: 'MP3',
  flac: 'FLAC',
  vorbis: 'Ogg Vorbis',
  opus: 'Ogg Opus',
  ogg: 'Ogg with a codec other than Vorbis and Opus',
  m4a: 'M4A or MP4',
  aac: 'AAC',
  loas: 'AAC in LOAS frames',
  webm: 'WebM or Matroska',
  aiff: 'AIFF',
  caf: 'CAF',
  amr: 'AMR',
  wma: 'Windows Media Audio',
  wavpack: 'WavPack',
  tta: 'True Audio',
  avi: 'AVI',
  au: 'AU',
  w64: 'Sony Wave64',
  voc: 'Creative VOC',
  flv: 'Flash Video',
  mpegts: 'an MPEG transport stream',
};

/** How many bytes `sniff` needs; fewer are fine at the end of a stream. */
export const sniffBytes = 512;

export type Sniffed =
  | { readonly format: AudioFormat }
  | {
      /** A clause that says what the bytes look like instead. */
      readonly looksLike: string;
      /** Whether that is certain. If not, it may still be a format that only ffmpeg knows. */
      readonly certain: boolean;
    };

/** The format of a recording, or what the bytes look like instead. */
export function sniff(head: Uint8Array): Sniffed {
  const format = known(head);
  if (format !== undefined) return { format };
  const other = otherKind(head);
  if (other !== undefined) return { looksLike: other, certain: true };
  return { looksLike: 'its first bytes match no supported audio format', certain: false };
}

const containers: readonly (readonly [format: AudioFormat, at: number, bytes: string])[] = [
  ['flac', 0, 'fLaC'],
  ['m4a', 4, 'ftyp'],
  // QuickTime files from before 2001 begin with any of their parts.
  ['m4a', 4, 'moov'],
  ['m4a', 4, 'mdat'],
  ['m4a', 4, 'wide'],
  ['webm', 0, '\x1a\x45\xdf\xa3'],
  ['caf', 0, 'caff'],
  ['amr', 0, '#!AMR'],
  ['wma', 0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11'],
  ['wavpack', 0, 'wvpk'],
  ['tta', 0, 'TTA1'],
  ['au', 0, '.snd'],
  ['w64', 0, 'riff\x2e\x91\xcf\x11'],
  ['voc', 0, 'Creative Voice File'],
  ['flv', 0, 'FLV\x01'],
];

function known(head: Uint8Array): AudioFormat | undefined {
  return container(head) ?? frameHeader(head) ?? (startsWith(head, 0, 'ID3') ? 'mp3' : undefined);
}

/** A format with a beginning of its own, which `frameHeader` would not find. */
export function container(head: Uint8Array): AudioFormat | undefined {
  const has = (at: number, word: string) => startsWith(head, at, word);
  if (has(8, 'WAVE') && ['RIFF', 'RIFX', 'RF64', 'BW64'].some((word) => has(0, word))) return 'wav';
  if (has(0, 'RIFF') && has(8, 'AVI ')) return 'avi';
  if (has(0, 'FORM') && (has(8, 'AIFF') || has(8, 'AIFC'))) return 'aiff';
  if (has(0, 'OggS')) return has(28, 'OpusHead') ? 'opus' : has(28, '\x01vorbis') ? 'vorbis' : 'ogg';
  if (has(0, 'G') && has(188, 'G') && has(376, 'G')) return 'mpegts';
  return containers.find(([, at, bytes]) => has(at, bytes))?.[0];
}

const otherKinds: readonly (readonly [words: string, at: number, bytes: string])[] = [
  ['it is a picture', 0, '\x89PNG'],
  ['it is a picture', 0, '\xff\xd8\xff'],
  ['it is a picture', 0, 'GIF8'],
  ['it is a picture', 8, 'WEBP'],
  ['it is a ZIP archive or an office document', 0, 'PK\x03\x04'],
  ['it is a compressed file (gzip)', 0, '\x1f\x8b'],
  ['it is a compressed file (bzip2)', 0, 'BZh'],
  ['it is a compressed file (xz)', 0, '\xfd7zXZ'],
  ['it is a compressed file (Zstandard)', 0, '\x28\xb5\x2f\xfd'],
  ['it is a 7z archive', 0, '7z\xbc\xaf\x27\x1c'],
  ['it is a RAR archive', 0, 'Rar!'],
  ['it is a PDF document', 0, '%PDF'],
  ['it is MIDI: notes, and no sound', 0, 'MThd'],
  // ffmpeg would read the files that these name.
  ['it is a playlist', 0, '#EXTM3U'],
  ['it is a playlist', 0, 'ffconcat'],
  ['it is a program', 0, '\x7fELF'],
  ['it is a database (SQLite)', 0, 'SQLite format 3'],
];

/** What the bytes are instead of sound, if that is certain. */
export function otherKind(head: Uint8Array): string | undefined {
  const found = otherKinds.find(([, at, bytes]) => startsWith(head, at, bytes));
  if (found !== undefined) return found[0];
  if (startsWith(head, 0, '\xff\xfe') || startsWith(head, 0, '\xfe\xff')) return utf16(head);
  return isText(head) ? textKind(head) : undefined;
}

/** UTF-16 with its byte order mark; two samples of sound may begin with the same bytes. */
function utf16(head: Uint8Array): string | undefined {
  const highByte = head[0] === 0xff ? 1 : 0;
  const ascii = head.subarray(2, 34).filter((_, at) => at % 2 === highByte);
  return ascii.length > 0 && ascii.every((byte) => byte === 0) ? 'it is text' : undefined;
}

function textKind(head: Uint8Array): string {
  const text = new TextDecoder().decode(head).trimStart();
  if (/^(<!doctype html|<html)/i.test(text)) return 'it is a web page';
  if (text.startsWith('version https://git-lfs'))
    return 'it is the pointer of Git LFS to a file ("git lfs pull" gets it)';
  return 'it is text';
}

/** Whether the bytes are text in UTF-8. */
function isText(head: Uint8Array): boolean {
  try {
    // `stream` accepts a character that the end of `head` cuts in two.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return text !== '' && !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
  } catch {
    return false;
  }
}

function startsWith(head: Uint8Array, at: number, word: string): boolean {
  if (at + word.length > head.length) return false;
  for (let i = 0; i < word.length; i += 1) if (head[at + i] !== word.charCodeAt(i)) return false;
  return true;
}
