/** When a session ends by itself, in order and with the code for a limit. */
export interface Limits {
  /** In the currency of the price table. The answer that goes beyond it is still heard. */
  readonly maxCost?: number | undefined;
  /** Turns of the user, spoken or typed. The answer to the last one is still heard. */
  readonly maxTurns?: number | undefined;
  readonly maxDurationMs?: number | undefined;
}

/** How much of the conversation the model keeps in mind. What is older is deleted at the provider and not replayed. */
export type HistoryLimit =
  | { readonly turns: number }
  /** Estimated at four letters a token. */
  | { readonly tokens: number };
