/** How a dialect may be asked to behave beyond its usual self, and what its account holds. */
export interface DialectOptions {
  /** Voices of any name are taken, not only the vendor's own; this is the usual one. */
  readonly anyVoice?: { readonly usual: string } | undefined;
  /** Deployments of the simulated resource beside the usual ones. */
  readonly deployments?: readonly string[] | undefined;
  /** How often the caller of a simulated call speaks before he hangs up; default 1. */
  readonly callerTurns?: number | undefined;
  /** Peculiarities by name that the vendor shows only sometimes. */
  readonly quirks?: readonly string[] | undefined;
  /** Longest connection in seconds, where that is not the same as the longest session. */
  readonly connectionLimitS?: number | undefined;
}
