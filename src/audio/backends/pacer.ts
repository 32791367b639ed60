/** How often to check for new sound while idle. */
const restMs = 10;
/** How far ahead of time we write, to bridge our own delays. */
export const leadMs = 60;
/**
 * After this much silence we stop writing until sound comes again, so that the difference between our clock and the
 * sound card's does not add up.
 */
const idleMs = 500;

/**
 * Paces, by the clock, the writes to a device that takes everything at once, as a pipe does. Pure: time is an argument.
 */
export class Pacer {
  private silentMs = 0;
  /** When the device started, and how much it was given since; undefined while it is idle. */
  private begun: { readonly atMs: number; givenMs: number } | undefined;

  /** Whether to write the next block; if so it counts as written. */
  shouldWrite(sounding: boolean, blockMs: number, nowMs: number): boolean {
    this.silentMs = sounding ? 0 : this.silentMs + blockMs;
    if (this.silentMs > idleMs) {
      this.begun = undefined;
      return false;
    }
    // We were held up for longer than we had written ahead: catching up would only delay the rest.
    if (this.begun === undefined || nowMs - this.begun.atMs > this.begun.givenMs) {
      this.begun = { atMs: nowMs, givenMs: 0 };
    }
    this.begun.givenMs += blockMs;
    return true;
  }

  /** How long to wait before the next block. */
  waitMs(nowMs: number): number {
    if (this.begun === undefined) return restMs;
    return Math.max(0, this.begun.givenMs - (nowMs - this.begun.atMs) - leadMs);
  }

  /** The device was emptied. */
  reset(): void {
    this.begun = undefined;
  }
}

/** Duration of PCM16 mono. */
export function durationMs(pcm: Uint8Array, rateHz: number): number {
  return (1000 * pcm.length) / (2 * rateHz);
}
