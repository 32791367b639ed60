export interface Timing {
  /** How long the session waits for a server; a server on the network has this long to connect and list its tools. */
  readonly connectMs: number;
  /** How long a program may take: it may have to be downloaded first. */
  readonly startMs: number;
  /** Shortest time between two listings of a server whose tools keep changing. */
  readonly relistMs: number;
  /** Waiting time before each attempt to reconnect; the last one applies to all that follow. */
  readonly retryMs: readonly number[];
  /** After a connection of this length the next loss starts again with the shortest wait. */
  readonly stableMs: number;
  /** A server that could not be reached is not tried again within this time. */
  readonly retryFailedMs: number;
}

export const usualTiming: Timing = {
  connectMs: 10_000,
  startMs: 60_000,
  relistMs: 1000,
  retryMs: [500, 1000, 2000, 5000, 10_000, 30_000],
  stableMs: 30_000,
  retryFailedMs: 30_000,
};
