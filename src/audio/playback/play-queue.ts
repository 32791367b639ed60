import type { PartKey } from '../../contract/events.js';
import { samplesOf } from '../samples/pcm16.js';
import { samePart } from './part-progress.js';

/** What comes next: sound of one part, or a count of samples that did not fit and will not be played. */
export interface Piece {
  readonly part: PartKey;
  /** −1 to 1, at the provider's rate. */
  readonly samples: Float32Array;
  readonly skippedSamples: number;
}

interface Chunk {
  readonly part: PartKey;
  /** PCM16; empty where sound was dropped. */
  readonly pcm: Uint8Array;
  skippedSamples: number;
}

/**
 * Sound waiting to be rendered, kept as it came. A provider may send an hour of it within seconds, so the queue is
 * bounded: sound that arrives while it is full is dropped, but still counted, so that the part ends where it should.
 */
export class PlayQueue {
  private chunks: Chunk[] = [];
  private head = 0;
  /** Bytes of the first chunk that were taken already. */
  private takenBytes = 0;
  private queuedSamples = 0;
  /** Half a sample: the second byte comes with the part's next chunk. */
  private half: { readonly part: PartKey; readonly byte: number } | undefined;

  constructor(private readonly maxSamples: number) {}

  /** Samples that wait to be played. */
  get samples(): number {
    return this.queuedSamples;
  }

  get empty(): boolean {
    return this.head >= this.chunks.length;
  }

  /** The part that comes next. */
  get nextPart(): PartKey | undefined {
    return this.chunks[this.head]?.part;
  }

  /** Returns how many samples this adds to the part, dropped ones included. */
  add(part: PartKey, bytes: Uint8Array): number {
    const pcm = this.whole(part, bytes);
    const samples = pcm.length / 2;
    if (samples === 0) return 0;
    if (this.queuedSamples + samples > this.maxSamples) {
      const last = this.chunks.at(-1);
      if (last !== undefined && last.skippedSamples > 0 && samePart(last.part, part)) {
        last.skippedSamples += samples;
      } else {
        this.chunks.push({ part, pcm: new Uint8Array(0), skippedSamples: samples });
      }
      return samples;
    }
    this.chunks.push({ part, pcm, skippedSamples: 0 });
    this.queuedSamples += samples;
    return samples;
  }

  /** At most `maxSamples` of one part; undefined when nothing waits. */
  take(maxSamples: number): Piece | undefined {
    const chunk = this.chunks[this.head];
    if (chunk === undefined) return undefined;
    const end = Math.min(chunk.pcm.length, this.takenBytes + 2 * maxSamples);
    const samples = samplesOf(chunk.pcm.subarray(this.takenBytes, end));
    this.queuedSamples -= samples.length;
    this.takenBytes = end;
    if (end === chunk.pcm.length) this.next();
    return { part: chunk.part, samples, skippedSamples: chunk.skippedSamples };
  }

  clear(): void {
    this.chunks = [];
    this.head = 0;
    this.takenBytes = 0;
    this.queuedSamples = 0;
    this.half = undefined;
  }

  /** Removes taken chunks from the array only now and then: shifting a long queue for every chunk is slow. */
  private next(): void {
    this.head += 1;
    this.takenBytes = 0;
    if (this.head < 256 && this.head < this.chunks.length) return;
    this.chunks.splice(0, this.head);
    this.head = 0;
  }

  private whole(part: PartKey, bytes: Uint8Array): Uint8Array {
    const half = this.half !== undefined && samePart(this.half.part, part) ? this.half.byte : undefined;
    this.half = undefined;
    let pcm = bytes;
    if (half !== undefined) {
      pcm = new Uint8Array(bytes.length + 1);
      pcm[0] = half;
      pcm.set(bytes, 1);
    }
    if (pcm.length % 2 === 0) return pcm;
    this.half = { part, byte: pcm[pcm.length - 1] as number };
    return pcm.subarray(0, pcm.length - 1);
  }
}
