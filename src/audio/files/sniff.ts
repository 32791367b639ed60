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
  | 'webm'
  | 'aiff'
  | 'caf'
  | 'amr'
  | 'wma';

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
  webm: 'WebM or Matroska',
  aiff: 'AIFF',
  caf: 'CAF',
  amr: 'AMR',
  wma: 'Windows Media Audio',
};

/** How many bytes `sniff` needs; fewer are fine at the end of a stream. */
export const sniffBytes = 512;

/** The format of a recording, or a clause that says what the bytes look like instead. */
export function sniff(head: Uint8Array): { readonly format: AudioFormat } | { readonly looksLike: string } {
  const format = known(head);
  if (format !== undefined) return { format };
  return { looksLike: isText(head) ? 'it is text' : 'its first bytes match no supported audio format' };
}

function known(head: Uint8Array): AudioFormat | undefined {
  const text = String.fromCharCode(...head);
  const has = (at: number, word: string) => text.startsWith(word, at);
  if ((has(0, 'RIFF') || has(0, 'RF64') || has(0, 'BW64')) && has(8, 'WAVE')) return 'wav';
  if (has(0, 'fLaC')) return 'flac';
  if (has(0, 'OggS')) return has(28, 'OpusHead') ? 'opus' : has(28, '\x01vorbis') ? 'vorbis' : 'ogg';
  if (has(4, 'ftyp')) return 'm4a';
  if (has(0, '\x1a\x45\xdf\xa3')) return 'webm';
  if (has(0, 'FORM') && (has(8, 'AIFF') || has(8, 'AIFC'))) return 'aiff';
  if (has(0, 'caff')) return 'caf';
  if (has(0, '#!AMR')) return 'amr';
  if (has(0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11')) return 'wma';
  return has(0, 'ID3') ? 'mp3' : mpegFrame(head);
}

/** Eleven set bits open an MPEG frame; layer 0 is AAC's ADTS. Reserved values rule out most other data. */
function mpegFrame(head: Uint8Array): 'mp3' | 'aac' | undefined {
  const [sync = 0, second = 0, third = 0] = head;
  if (sync !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  if (layer === 0) return (second & 0xf0) === 0xf0 && ((third >> 2) & 15) < 13 ? 'aac' : undefined;
  // Layer I (3) is extinct, and UTF-16 text begins with the same bits as its header.
  return version !== 1 && layer !== 3 && third >> 4 !== 15 && ((third >> 2) & 3) !== 3 ? 'mp3' : undefined;
}

function isText(head: Uint8Array): boolean {
  try {
    // `stream` accepts a character that the end of `head` cuts in two.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
  } catch {
    return false;
  }
}
