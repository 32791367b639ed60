import { type Clock, sleep } from '../core/clock.js';

/** Milliseconds of sound per delta. */
export const deltaMs = 200;

/**
 * Spreads sound over time, faster than it plays. The real server delivers several times faster than real time, so a
 * client that plays sound as it arrives must fail here too.
 */
export class Pacer {
  private readonly startedMs: number;
  private sentMs = 0;

  /** `pace`: multiple of real time; `Infinity` does not wait. */
  constructor(
    private readonly clock: Clock,
    private readonly pace: number,
  ) {
    this.startedMs = clock.nowMs();
  }

  /** Resolves when the next piece of this length is due: the first at once. */
  async due(pieceMs: number, signal: AbortSignal): Promise<void> {
    const dueMs = this.startedMs + this.sentMs / this.pace;
    this.sentMs += pieceMs;
    await sleep(this.clock, dueMs - this.clock.nowMs(), signal);
  }
}

/** Cuts a stream of samples into pieces of equal length, the last one shorter. */
export async function* pieces(
  stream: AsyncIterable<Int16Array>,
  pieceSamples: number,
): AsyncGenerator<Int16Array, void> {
  let piece = new Int16Array(pieceSamples);
  let filled = 0;
  for await (const samples of stream) {
    let read = 0;
    while (read < samples.length) {
      const step = Math.min(pieceSamples - filled, samples.length - read);
      piece.set(samples.subarray(read, read + step), filled);
      filled += step;
      read += step;
      if (filled === pieceSamples) {
        yield piece;
        piece = new Int16Array(pieceSamples);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
