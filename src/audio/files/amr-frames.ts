const frameMs = 20;
/** Bytes of a frame behind its first byte, which holds the type. */
const narrowBytes = [12, 13, 15, 17, 19, 20, 26, 31, 5];
const wideBytes = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5];
const narrowMagic = '#!AMR\n';
const wideMagic = '#!AMR-WB\n';

/** Counts the frames of an AMR stream as it passes: each stands for 20 ms, also those that hold a pause. */
export class AmrFrames {
  private head = '';
  private sizes: readonly number[] | undefined;
  private left = 0;
  private frames = 0;

  get durationMs(): number {
    return this.frames * frameMs;
  }

  /** Set where the stream so far ends inside a frame. */
  get damage(): string | undefined {
    return this.left > 0 ? 'it is cut off' : undefined;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.sizes === undefined) {
        this.readMagic(bytes[at] ?? 0);
        at += 1;
      } else if (this.left > 0) {
        const step = Math.min(this.left, bytes.length - at);
        this.left -= step;
        at += step;
      } else {
        this.left = this.sizes[((bytes[at] ?? 0) >> 3) & 15] ?? 0;
        this.frames += 1;
        at += 1;
      }
    }
  }

  private readMagic(byte: number): void {
    this.head += String.fromCharCode(byte);
    if (this.head === narrowMagic) this.sizes = narrowBytes;
    else if (this.head === wideMagic) this.sizes = wideBytes;
  }
}
