import type { PartKey } from '../contract/events.js';

/** Answers hold a handful of parts; a server that never ends one must not fill the memory. */
const mostParts = 256;

/**
 * Whole samples only. Servers that pass on another service's stream cut it at any byte; from the first odd delta on
 * every sample would be read from the wrong halves, which sounds like a roaring noise. The odd byte waits here for the next
 * delta of its part.
 */
export class SampleAlignment {
  private readonly odd = new Map<string, Uint8Array>();

  /** PCM16 of an even number of bytes. Well-behaved servers pass through without a copy. */
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
    // A copy: a view of one byte would keep the sound around it.
    this.odd.set(key, Uint8Array.from(odd));
  }

  /** No more sound of this part: half a sample is none. */
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
