import type { PartKey } from '../contract/events.js';

/** Answers have a few parts; limits memory if a server never ends one. */
const mostParts = 256;

/**
 * Cuts audio deltas at whole samples. Servers that forward another service's stream split it at any byte; after the
 * first odd delta, every sample would be assembled from the wrong bytes, which sounds like loud noise. The odd byte is
 * kept for the next delta of its part.
 */
export class SampleAlignment {
  private readonly odd = new Map<string, Uint8Array>();

  /** PCM16 with an even number of bytes. Audio that is already aligned is not copied. */
  align(part: PartKey, audio: Buffer): Uint8Array {
    if (this.odd.size === 0 && audio.length % 2 === 0) return audio;
    const key = partName(part);
    const before = this.odd.get(key);
    const whole = before === undefined ? audio : Buffer.concat([before, audio]);
    const end = whole.length - (whole.length % 2);
    this.odd.delete(key);
    if (end < whole.length) this.keep(key, whole.subarray(end));
    return whole.subarray(0, end);
  }

  private keep(key: string, odd: Uint8Array): void {
    const [oldest] = this.odd.keys();
    if (this.odd.size >= mostParts && oldest !== undefined) this.odd.delete(oldest);
    // A copy: a view of one byte would keep the whole buffer in memory.
    this.odd.set(key, Uint8Array.from(odd));
  }

  /** No more audio of this part: drops half a sample. */
  endPart(part: PartKey): void {
    this.odd.delete(partName(part));
  }

  clear(): void {
    this.odd.clear();
  }
}

function partName(part: PartKey): string {
  return `${part.contentIndex} ${part.itemId}`;
}
