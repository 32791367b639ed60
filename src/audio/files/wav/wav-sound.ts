import type { ByteReader } from '../byte-reader.js';
import { beginsWav, dataBytes, readWavHeader, skipPadding, type WavHeader } from './wav-header.js';

/** A chunk id behind the RIFF header, and all before it. */
const headBytes = 16;

/**
 * The sound behind a header, up to the size that it gives or to where another WAV begins: some programs put a whole WAV
 * into each piece of a stream.
 */
export async function* soundBytes(reader: ByteReader, limit: number): AsyncGenerator<Uint8Array, void> {
  let left = limit;
  while (left > 0) {
    const held = await reader.held(headBytes);
    if (held.length === 0) return;
    const next = wavWithin(held);
    if (next === 0) return;
    // The last bytes may be the beginning of a header.
    const whole = next ?? (held.length < headBytes ? held.length : held.length - headBytes + 1);
    const bytes = await reader.read(Math.min(left, whole, 65_536));
    left -= bytes.length;
    yield bytes;
  }
}

function wavWithin(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf('WAVE', 8, 'latin1'); at >= 0; at = buffer.indexOf('WAVE', at + 1, 'latin1')) {
    if (
      at + 8 <= buffer.length &&
      beginsWav(buffer.subarray(at - 8)) &&
      isChunkName(buffer.subarray(at + 4))
    ) {
      return at - 8;
    }
  }
  return undefined;
}

/** Chunks that programs write behind the sound, also where the size of the file does not count them. */
const usualChunks = new Set(
  'LIST,list,id3 ,ID3 ,fact,cue ,smpl,inst,bext,iXML,aXML,axml,JUNK,junk,PAD ,FLLR,PEAK,plst,labl,_PMX,cart,chna,umid,levl,DISP,slnt,acid,strc,afsp,data'.split(
    ',',
  ),
);

/** What programs append to any file: tags, archives, signatures. Less than this is no sound either. */
const appended = /^(TAG|ID3|APETAGEX|LYRICS|3DI|PK|<\?xml)/;
const leastSoundBytes = 256;

/**
 * Moves to the next sound in the file: a further `data` chunk, another WAV, or sound that no size counts, as behind a
 * header which was made for the first piece of a stream. Undefined at the end.
 */
export async function nextSound(
  reader: ByteReader,
  header: WavHeader,
  name: string,
): Promise<WavHeader | undefined> {
  if (header.dataBytes !== null && header.dataBytes % 2 === 1) await skipPadding(reader);
  for (;;) {
    const head = await reader.peek(headBytes);
    if (beginsWav(head)) return readWavHeader(reader, name);
    if (head.length < 8 || header.dataBytes === null) return undefined;
    const inside = header.endsAt !== null && reader.position < header.endsAt;
    const id = String.fromCharCode(...head.subarray(0, 4));
    if (!usualChunks.has(id) && !(inside && isChunkName(head))) return unannounced(reader, header);
    const size = new DataView(head.buffer, head.byteOffset).getUint32(4, !header.bigEndian);
    await reader.skip(8);
    if (id === 'data') return { ...header, dataBytes: dataBytes(size, undefined, inside) };
    await reader.skip(size);
    if (size % 2 === 1) await skipPadding(reader);
  }
}

async function unannounced(reader: ByteReader, header: WavHeader): Promise<WavHeader | undefined> {
  const head = await reader.peek(leastSoundBytes);
  if (head.length < leastSoundBytes || appended.test(String.fromCharCode(...head.subarray(0, 8))))
    return undefined;
  return { ...header, dataBytes: null };
}

function isChunkName(head: Uint8Array): boolean {
  return head.length >= 4 && head.subarray(0, 4).every((byte) => byte >= 0x20 && byte < 0x7f);
}
