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
