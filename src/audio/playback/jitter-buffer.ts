/** Bridges the gaps of an ordinary network without a noticeable delay. */
const firstTargetMs = 120;
const growthMs = 60;
const maxTargetMs = 480;
/** A part that is never marked as ended must play all the same. */
const longestWaitMs = 400;

/** What the decision to start depends on. */
export interface Waiting {
  readonly queuedMs: number;
  /** More may come for the waiting part. */
  readonly open: boolean;
  /** The waiting sound belongs to the part that ran dry. */
  readonly continuing: boolean;
}

/**
 * Decides when waiting sound may start: when enough of it is there to bridge the network's gaps, or all of it. After an
 * audible gap the next start waits for more.
 */
export class JitterBuffer {
  private started = false;
  private waitedMs = 0;
  private neededMs = firstTargetMs;
  private audibleGaps = 0;
  private starved = false;

  get playing(): boolean {
    return this.started;
  }

  /** Sound that must be there before playing starts, in milliseconds. */
  get targetMs(): number {
    return this.neededMs;
  }

  /** Audible gaps within a part so far. */
  get underruns(): number {
    return this.audibleGaps;
  }

  /** Ask once per block; `blockMs` is how long the answer "no" lasts. */
  mayPlay({ queuedMs, open, continuing }: Waiting, blockMs: number): boolean {
    if (this.started) return true;
    if (queuedMs <= 0) return false;
    if (open && queuedMs < this.neededMs && this.waitedMs < longestWaitMs) {
      this.waitedMs += blockMs;
      return false;
    }
    if (this.starved && continuing) {
      this.audibleGaps += 1;
      this.neededMs = Math.min(maxTargetMs, this.neededMs + growthMs);
    }
    this.started = true;
    this.starved = false;
    return true;
  }

  /** Nothing is left to render; `open` when more of the same part may come. */
  ranDry(open: boolean): void {
    this.started = false;
    this.waitedMs = 0;
    this.starved = open;
  }

  /** Starts over; what was learnt about the network stays. */
  reset(): void {
    this.ranDry(false);
  }
}
