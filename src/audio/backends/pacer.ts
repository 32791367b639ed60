/** While idle we look this often whether sound has come. */
const restMs = 10;
/** So much is given ahead of time: bridges our own delays. */
export const leadMs = 60;
/**
 * After so much silence nothing is given until sound comes again, so that the difference between our clock and the
 * sound card's does not add up.
 */
const idleMs = 500;

/**
 * Paces blocks for a device that takes whatever it is given at once, as a pipe does, by the clock. Pure: time is an
 * argument.
 */
export class Pacer {
  private silentMs = 0;
  /** When the device began, and how much it was given since; undefined while it is idle. */
  private begun: { readonly atMs: number; givenMs: number } | undefined;

  /** Whether the next block is to be given; if so it counts as given. */
  shouldWrite(sounding: boolean, blockMs: number, nowMs: number): boolean {
    this.silentMs = sounding ? 0 : this.silentMs + blockMs;
    if (this.silentMs > idleMs) {
      this.begun = undefined;
      return false;
    }
    // Held up for longer than was given ahead: what was missed would only delay the rest.
    if (this.begun === undefined || nowMs - this.begun.atMs > this.begun.givenMs) {
      this.begun = { atMs: nowMs, givenMs: 0 };
    }
    this.begun.givenMs += blockMs;
    return true;
  }

  /** How long to wait before asking about the next block. */
  waitMs(nowMs: number): number {
    if (this.begun === undefined) return restMs;
    return Math.max(0, this.begun.givenMs - (nowMs - this.begun.atMs) - leadMs);
  }

  /** The device was emptied. */
  reset(): void {
    this.begun = undefined;
  }
}

/** Of PCM16 mono. */
export function durationMs(pcm: Uint8Array, rateHz: number): number {
  return (1000 * pcm.length) / (2 * rateHz);
}
