/** Options of a dialect, and what the simulated account holds. */
export interface DialectOptions {
  /** Accepts voices of any name, not only the vendor's; `usual` is the default. */
  readonly anyVoice?: { readonly usual: string } | undefined;
  /** Deployments of the simulated resource beside the usual ones. */
  readonly deployments?: readonly string[] | undefined;
  /** How often the caller of a simulated call speaks before hanging up; default 1. */
  readonly callerTurns?: number | undefined;
  /** Peculiarities by name that the vendor shows only sometimes. */
  readonly quirks?: readonly string[] | undefined;
  /** Longest connection in seconds, where that is not the same as the longest session. */
  readonly connectionLimitS?: number | undefined;
}
