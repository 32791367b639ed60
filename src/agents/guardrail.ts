/** The words that a guardrail checks, and what they belong to. */
export interface GuardrailInput {
  /** The text of one item of the answer so far. */
  readonly text: string;
  /** How many characters of it this guardrail has already let pass. */
  readonly checkedCharacters: number;
  /** The item is complete: this is its last check. */
  readonly complete: boolean;
  readonly agent: string;
  readonly responseId: string;
  readonly itemId: string;
  /** The `context` that the program gave the session. */
  readonly context: unknown;
  /** Aborted when the verdict is no longer needed. */
  readonly signal: AbortSignal;
}

/** True trips; so does an object with `tripped: true`, which can give a reason. Anything else lets the words pass. */
export type GuardrailVerdict =
  | boolean
  | undefined
  | {
      readonly tripped: boolean;
      /** For the program and its log. */
      readonly message?: string | undefined;
      /** For the model: what it must avoid. */
      readonly feedback?: string | undefined;
    };

/**
 * Checks what the assistant says while it is being said: sound never waits for a verdict. A guardrail that throws is
 * skipped with a warning.
 */
export interface OutputGuardrail {
  readonly name: string;
  /** Checks again after this many new characters, and at the end; overrides the session's value (100). */
  readonly debounceCharacters?: number | undefined;
  check(input: GuardrailInput): GuardrailVerdict | Promise<GuardrailVerdict>;
}
