/** Enough to bridge the gaps of an ordinary network without being felt. */
const firstTargetMs = 120;
const growthMs = 60;
const maxTargetMs = 480;
/** A part that nobody ends must sound all the same. */
const patienceMs = 400;

/** What the decision to begin depends on. */
export interface Waiting {
  readonly queuedMs: number;
  /** More may come for what waits. */
  readonly open: boolean;
  /** What waits continues what ran dry. */
  readonly continuing: boolean;
}

/**
 * Decides when waiting sound may begin: when enough of it is there to bridge the network's gaps, or all of it.
 * A gap that was heard makes the next start more careful.
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

  /** Sound that has to be there before playing starts, in milliseconds. */
  get targetMs(): number {
    return this.neededMs;
  }

  /** Gaps within a part that were heard. */
  get underruns(): number {
    return this.audibleGaps;
  }

  /** Asked once per block; `blockMs` is how long the answer "no" lasts. */
  mayPlay({ queuedMs, open, continuing }: Waiting, blockMs: number): boolean {
    if (this.started) return true;
    if (queuedMs <= 0) return false;
    if (open && queuedMs < this.neededMs && this.waitedMs < patienceMs) {
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

  /** Forgets what was going on; what was learnt about the network stays. */
  reset(): void {
    this.ranDry(false);
  }
}
