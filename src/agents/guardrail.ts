/** What a guardrail knows about the words it checks. */
export interface GuardrailInput {
  /** Everything that one item of the answer says so far. */
  readonly text: string;
  /** How much of it this guardrail has let pass already, in characters. */
  readonly checkedCharacters: number;
  /** The item is complete: this is its last check. */
  readonly complete: boolean;
  readonly agent: string;
  readonly responseId: string;
  readonly itemId: string;
  /** What the program gave the session. */
  readonly context: unknown;
  /** Aborted when nobody waits for the verdict any more. */
  readonly signal: AbortSignal;
}

/** True trips; so does an object, which can say why. Anything else lets the words pass. */
export type GuardrailVerdict =
  | boolean
  | undefined
  | {
      readonly tripped: boolean;
      /** For the program and its log. */
      readonly message?: string | undefined;
      /** For the model: what it has to avoid. */
      readonly feedback?: string | undefined;
    };

/** Watches what the assistant says, beside it: sound never waits for a verdict. One that throws is skipped with a warning. */
export interface OutputGuardrail {
  readonly name: string;
  /** Checks again whenever so many letters have come, and at the end; overrides the session's (100). */
  readonly debounceCharacters?: number | undefined;
  check(input: GuardrailInput): GuardrailVerdict | Promise<GuardrailVerdict>;
}
