import { pcm24k } from '../../engines/core/audio-format.js';

/** Sound held of a sentence that is not being delivered yet; a voice that is further ahead has to wait. */
const mostSamplesAhead = pcm24k.rate * 20;

/** The sound of one sentence, PCM at 24 kHz. */
export interface SentenceSound extends AsyncIterable<Int16Array> {
  /** Length of all of it; undefined until the voice has finished. */
  readonly lengthMs: number | undefined;
  /** It will not be read. */
  drop(): void;
}

/**
 * Lets a voice begin the next sentence while the one before it is being delivered, so that a voice that makes sound at
 * about real time leaves no gaps. Only one sentence ahead, because an interruption discards it.
 */
export class SpeakAhead {
  private readonly readings: Reading[] = [];
  /** The sentence that is being delivered. */
  private current = -1;

  /** The same sound, begun early. Read the sentences in the order of adding. */
  add(sound: AsyncIterable<Int16Array>): SentenceSound {
    const reading = new Reading(sound);
    const index = this.readings.push(reading) - 1;
    if (index <= this.current + 1) reading.begin();
    return {
      [Symbol.asyncIterator]: () => this.deliver(reading, index),
      get lengthMs() {
        return reading.lengthMs;
      },
      drop: () => reading.drop(),
    };
  }

  private async *deliver(reading: Reading, index: number): AsyncGenerator<Int16Array, void> {
    this.current = index;
    reading.begin();
    this.readings[index + 1]?.begin();
    yield* reading.read();
  }
}

/** One sentence that a voice is making, and its sound so far. */
class Reading {
  private pieces: Int16Array[] = [];
  private samplesAhead = 0;
  private begun = false;
  /** The voice has finished, or the reader has left. */
  private over = false;
  private failure: { readonly error: unknown } | undefined;
  private waiting: (() => void)[] = [];
  private samplesMade = 0;
  lengthMs: number | undefined;

  constructor(private readonly sound: AsyncIterable<Int16Array>) {}

  begin(): void {
    if (this.begun || this.over) return;
    this.begun = true;
    void this.collect();
  }

  drop(): void {
    this.over = true;
    this.pieces = [];
    this.changed();
  }

  async *read(): AsyncGenerator<Int16Array, void> {
    try {
      for (;;) {
        const { pieces } = this;
        this.pieces = [];
        this.samplesAhead = 0;
        this.changed();
        yield* pieces;
        if (this.pieces.length > 0) continue;
        if (this.failure !== undefined) throw this.failure.error;
        if (this.over) return;
        await this.change();
      }
    } finally {
      this.over = true;
      this.changed();
    }
  }

  private async collect(): Promise<void> {
    try {
      for await (const samples of this.sound) {
        this.pieces.push(samples);
        this.samplesAhead += samples.length;
        this.samplesMade += samples.length;
        this.changed();
        while (this.samplesAhead > mostSamplesAhead && !this.over) await this.change();
        if (this.over) break;
      }
      if (!this.over) this.lengthMs = (this.samplesMade * 1000) / pcm24k.rate;
    } catch (error) {
      this.failure = { error };
    }
    this.over = true;
    this.changed();
  }

  /** Until the other side has done something. */
  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private changed(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
