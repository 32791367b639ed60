export interface Timing {
  /** Nobody waits longer for a server; one at an address has this long to begin and to list its tools. */
  readonly connectMs: number;
  /** A program has this long: it may have to be downloaded first. */
  readonly startMs: number;
  /** A server whose tools change without end is listed so often. */
  readonly relistMs: number;
  /** Before each attempt to come back; the last counts for all that follow. */
  readonly retryMs: readonly number[];
  /** A server that was there for so long begins anew with the shortest wait. */
  readonly stableMs: number;
  /** A server that could not be reached is not tried again before. */
  readonly patienceMs: number;
}

export const usualTiming: Timing = {
  connectMs: 10_000,
  startMs: 60_000,
  relistMs: 1000,
  retryMs: [500, 1000, 2000, 5000, 10_000, 30_000],
  stableMs: 30_000,
  patienceMs: 30_000,
};
