/** Follows the pages of an Ogg stream as it passes, to know whether the last one is whole. */
export class OggPages {
  private header: number[] = [];
  /** Bytes of the current page that are still to come. */
  private left = 0;
  private lost = false;

  /** Set where the stream so far ends inside a page. */
  get damage(): string | undefined {
    return !this.lost && (this.left > 0 || this.header.length > 0) ? 'it is cut off' : undefined;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.lost) {
      if (this.left > 0) {
        const step = Math.min(this.left, bytes.length - at);
        this.left -= step;
        at += step;
        continue;
      }
      this.header.push(bytes[at] ?? 0);
      at += 1;
      this.readHeader();
    }
  }

  /** 27 bytes, the last of which counts the segments; then the length of each. */
  private readHeader(): void {
    const { header } = this;
    if (header.length === 4 && String.fromCharCode(...header) !== 'OggS') this.lost = true;
    if (header.length < 27 || header.length < 27 + (header[26] ?? 0)) return;
    this.left = header.slice(27).reduce((sum, length) => sum + length, 0);
    this.header = [];
  }
}
