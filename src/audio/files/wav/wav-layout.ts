/** PCM16 as voxterm writes it. */
export interface WavLayout {
  readonly rateHz: number;
  readonly channels: number;
}

export const wavHeaderBytes = 44;

/** In both size fields when the length is not known yet or above 4 GiB: "read until the end". */
export const unknownLength = 0xffff_ffff;

/** The plain 44-byte header that every program reads. */
export function wavHeader({ rateHz, channels }: WavLayout, dataBytes: number): Uint8Array {
  const header = new Uint8Array(wavHeaderBytes);
  const view = new DataView(header.buffer);
  const sized = dataBytes <= unknownLength - wavHeaderBytes;
  writeText(view, 0, 'RIFF');
  view.setUint32(4, sized ? dataBytes + wavHeaderBytes - 8 : unknownLength, true);
  writeText(view, 8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  writeText(view, 36, 'data');
  view.setUint32(40, sized ? dataBytes : unknownLength, true);
  return header;
}

function writeText(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
}
