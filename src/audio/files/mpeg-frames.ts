/** Formats without a file header: a stream is frame after frame, each with a header of its own. */
export type FramedFormat = 'mp3' | 'aac' | 'loas';

interface Frame {
  readonly format: FramedFormat;
  readonly lengthBytes: number;
  /** Equal in all frames of one stream. */
  readonly kind: number;
}

const layer2Kbps = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const layer3Kbps = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const lowRateKbps = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const ratesHz = [44_100, 48_000, 32_000];

/** Enough for three frames of the largest kinds. */
export const chainBytes = 8192;

/**
 * Whether a stream of frames begins at `at`: three frames in a row that agree with each other, or all that are there
 * where the bytes end with the file. One header alone means little; eleven set bits occur in any data.
 */
export function framesAt(bytes: Uint8Array, at: number, ended = false): FramedFormat | undefined {
  const first = frameAt(bytes, at);
  if (first === undefined) return undefined;
  let next = at + first.lengthBytes;
  for (let more = 0; more < 2; more += 1) {
    if (ended && next >= bytes.length - 4) return more > 0 || next <= bytes.length ? first.format : undefined;
    const frame = frameAt(bytes, next);
    if (frame?.kind !== first.kind) return undefined;
    next += frame.lengthBytes;
  }
  return first.format;
}

/** The first place where a stream of frames begins; undefined where there is none. */
export function findFrames(
  bytes: Uint8Array,
): { readonly format: FramedFormat; readonly at: number } | undefined {
  for (let at = 0; at + 4 <= bytes.length; at += 1) {
    const format = framesAt(bytes, at);
    if (format !== undefined) return { format, at };
  }
  return undefined;
}

/** The frame format whose header the first bytes could be. */
export function frameHeader(head: Uint8Array): FramedFormat | undefined {
  const [sync = 0, second = 0, third = 0] = head;
  if (sync === 0x56 && (second & 0xe0) === 0xe0) return 'loas';
  if (sync !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const layer = (second >> 1) & 3;
  // Layer 0 is AAC's ADTS.
  if (layer === 0) return (second & 0xf0) === 0xf0 && ((third >> 2) & 15) < 13 ? 'aac' : undefined;
  // Layer I (3) is extinct, and UTF-16 text begins with the same bits as its header.
  const version = (second >> 3) & 3;
  return version !== 1 && layer !== 3 && third >> 4 !== 15 && ((third >> 2) & 3) !== 3 ? 'mp3' : undefined;
}

/** The frame whose header is there; undefined where it is none, or does not say how long the frame is. */
export function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  const header = bytes.subarray(at, at + 7);
  if (header.length < 4) return undefined;
  const format = frameHeader(header);
  if (format === undefined) return undefined;
  const [, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = header;
  switch (format) {
    case 'mp3':
      return mpegAudio(second, third);
    case 'aac': {
      const lengthBytes = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
      return lengthBytes > 7 ? { format, lengthBytes, kind: (second << 8) | (third & 0xfd) } : undefined;
    }
    case 'loas': {
      const lengthBytes = (((second & 0x1f) << 8) | third) + 3;
      return lengthBytes > 3 ? { format, lengthBytes, kind: 0 } : undefined;
    }
  }
}

function mpegAudio(second: number, third: number): Frame | undefined {
  const first = (second >> 3) & 3; // 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
  const isLayer2 = ((second >> 1) & 3) === 2;
  const table = first !== 3 ? lowRateKbps : isLayer2 ? layer2Kbps : layer3Kbps;
  const kbps = table[third >> 4] ?? 0;
  const rateHz = (ratesHz[(third >> 2) & 3] ?? 0) / (first === 3 ? 1 : first === 2 ? 2 : 4);
  if (kbps === 0 || rateHz === 0) return undefined; // streams of any other bitrate do not say how long a frame is
  const factor = first !== 3 && !isLayer2 ? 72_000 : 144_000;
  const lengthBytes = Math.floor((factor * kbps) / rateHz) + ((third >> 1) & 1);
  return { format: 'mp3', lengthBytes, kind: ((second & 0xfe) << 8) | (third & 0x0c) };
}
