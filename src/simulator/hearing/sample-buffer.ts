/** Smaller pieces are joined: kept separately, single samples would cost a hundred times their size. */
const joinedSamples = 480;

/** Sound that has not been committed. Positions count samples since the session began and never restart. */
export class SampleBuffer {
  private chunks: Int16Array[] = [];
  private firstSample = 0;
  private endSample = 0;

  constructor(private readonly maxSamples: number) {}

  /** Samples ever appended. */
  get end(): number {
    return this.endSample;
  }

  /** Samples held now. */
  get length(): number {
    return this.endSample - this.firstSample;
  }

  append(samples: Int16Array): void {
    if (samples.length === 0) return;
    const last = this.chunks.at(-1);
    if (last === undefined || last.length + samples.length > joinedSamples) this.chunks.push(samples);
    else this.chunks.splice(-1, 1, joined(last, samples));
    this.endSample += samples.length;
    this.dropBefore(this.endSample - this.maxSamples);
  }

  /** Drops whole chunks that end before this position. */
  dropBefore(sample: number): void {
    let first = this.chunks[0];
    while (first !== undefined && this.firstSample + first.length <= sample) {
      this.firstSample += first.length;
      this.chunks.shift();
      first = this.chunks[0];
    }
  }

  /** Everything from this position on; the buffer is empty afterwards. */
  take(fromSample = this.firstSample): Int16Array {
    const skip = Math.max(0, fromSample - this.firstSample);
    const all = new Int16Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.chunks = [];
    this.firstSample = this.endSample;
    return all.subarray(skip);
  }
}

function joined(first: Int16Array, second: Int16Array): Int16Array {
  const both = new Int16Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
