import { frameAt } from './mpeg-frames.js';

/** Enough for the header of a frame. */
const headerBytes = 7;
/** What programs write behind the last frame, and some between the recordings that they join. */
const appended = ['TAG', 'ID3', 'APETAGEX', 'LYRICS', '\0\0\0\0'];

/** Follows the frames of MP3 or AAC as they pass, because decoders skip damaged ones without a word. */
export class FrameWalk {
  private held = new Uint8Array(0);
  /** Bytes of the current frame that are still to come. */
  private left = 0;
  private over = false;
  private lost = false;

  /** What is wrong with the stream so far, in a few words. */
  get damage(): string | undefined {
    if (this.lost) return 'a part of it is damaged';
    return !this.over && (this.left > 0 || this.held.length > 0) ? 'it is cut off' : undefined;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.over) {
      if (this.left > 0) {
        const step = Math.min(this.left, bytes.length - at);
        this.left -= step;
        at += step;
        continue;
      }
      const taken = bytes.subarray(at, at + headerBytes - this.held.length);
      this.held = Uint8Array.from([...this.held, ...taken]);
      at += taken.length;
      if (this.held.length === headerBytes) this.readHeader();
    }
  }

  private readHeader(): void {
    const frame = frameAt(this.held, 0);
    if (frame === undefined) {
      const text = String.fromCharCode(...this.held);
      this.over = true;
      this.lost = !appended.some((word) => text.startsWith(word.slice(0, headerBytes)));
      return;
    }
    this.left = frame.lengthBytes - headerBytes;
    this.held = new Uint8Array(0);
  }
}
