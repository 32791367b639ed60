/** Sound of about 1.4 s at 24 kHz. A piece that is kept keeps its neighbours, so not more. */
const slabBytes = 64 * 1024;
/** Larger pieces get memory of their own; they would waste too much of a slab. */
const largestPieceBytes = slabBytes / 4;
/** Where samples of any width may begin. */
const alignmentBytes = 8;

/**
 * Decodes base64, many pieces to one allocation. A delta of sound is too large for Node's own pool, and a buffer for each
 * costs as much in allocation and collection as its decoding.
 */
export class Base64Slab {
  private slab = Buffer.allocUnsafeSlow(0);
  private used = 0;

  /** What is no base64 is skipped, as `Buffer.from` does. */
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
