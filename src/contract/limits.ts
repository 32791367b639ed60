/** When a session ends by itself, in order and with the code for a limit. */
export interface Limits {
  /** In the currency of the price table. The answer that goes beyond it is still heard. */
  readonly maxCost?: number | undefined;
  /** Turns of the user, spoken or typed. The answer to the last one is still heard. */
  readonly maxTurns?: number | undefined;
  readonly maxDurationMs?: number | undefined;
  /** How often in a row the model may call tools without a word of the user. Default {@link defaultToolRounds}. */
  readonly maxToolRounds?: number | undefined;
  /** Calls that one answer may make; those beyond are refused. Default {@link defaultCallsPerResponse}. */
  readonly maxCallsPerResponse?: number | undefined;
  /**
   * Characters of one message that are kept; the rest is left out, which is told. At most, and by default,
   * {@link defaultTextLength}.
   */
  readonly maxTextLength?: number | undefined;
}

export const defaultToolRounds = 20;
export const defaultCallsPerResponse = 64;
/** More than anything a person hears or reads in one turn; a saved conversation may hold as much in an item. */
export const defaultTextLength = 200_000;

/** How much of the conversation the model keeps in mind. What is older is deleted at the provider and not replayed. */
export type HistoryLimit =
  | { readonly turns: number }
  /** Estimated at four letters a token. */
  | { readonly tokens: number };
