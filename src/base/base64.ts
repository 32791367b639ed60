/** Encodes without copying the bytes first. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Sound of about 1.4 s at 24 kHz. A piece that is kept keeps its whole slab in memory, so slabs are not larger. */
const slabBytes = 64 * 1024;
/** Larger pieces get memory of their own; they would waste too much of a slab. */
const largestPieceBytes = slabBytes / 4;
/** Pieces begin at multiples of this, so that samples of any width are aligned. */
const alignmentBytes = 8;

/**
 * Decodes base64, many pieces to one allocation. A sound delta is too large for Node's own buffer pool, and allocating
 * and collecting one buffer per delta costs as much as decoding it.
 */
export class Base64Decoder {
  private slab = Buffer.allocUnsafeSlow(0);
  private used = 0;

  /**
   * Undefined for text that is not base64, which `Buffer.from` would decode in part: as sound, that is noise. Line
   * breaks and either alphabet are allowed, padding may be missing.
   */
  decodeStrictly(base64: string): Buffer | undefined {
    const bytes = this.decode(base64);
    if (bytes.length === encodedBytes(base64)) return isHexadecimal(base64) ? undefined : bytes;
    const joined = base64.replaceAll(/\s+/g, '');
    return joined.length < base64.length && bytes.length === encodedBytes(joined) ? bytes : undefined;
  }

  /** Characters that are not base64 are skipped, as `Buffer.from` does. */
  decode(base64: string): Buffer {
    const mostBytes = Math.ceil((base64.length * 3) / 4);
    if (mostBytes > largestPieceBytes) return Buffer.from(base64, 'base64');
    if (this.used + mostBytes > this.slab.length) {
      this.slab = Buffer.allocUnsafeSlow(slabBytes);
      this.used = 0;
    }
    const from = this.used;
    const to = from + this.slab.write(base64, from, 'base64');
    this.used = Math.ceil(to / alignmentBytes) * alignmentBytes;
    return this.slab.subarray(from, to);
  }
}

/**
 * How many bytes base64 of this length holds; skipped characters would make it fewer. Undefined for no valid length.
 */
function encodedBytes(base64: string): number | undefined {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const characters = base64.length - padding;
  return characters % 4 === 1 ? undefined : Math.floor((characters * 3) / 4);
}

/** Hexadecimal digits are base64 characters, too, but base64 of this length has others. */
function isHexadecimal(text: string): boolean {
  return text.length >= 64 && /^[0-9a-f]+$/.test(text);
}
