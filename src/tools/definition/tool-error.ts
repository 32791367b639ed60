/**
 * An error whose message the model gets word for word, so that it can explain the problem to the user or try again. The
 * model also gets the message of any other error, but without anything that looks like a path or a key.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';

  constructor(
    /** Short machine-readable code, for example `place.unknown`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A call that must not run: the user did not allow it, or a guardrail refused it. */
export class RefusedCall extends ToolError {
  constructor(
    code: string,
    message: string,
    /** The session must end. */
    readonly raise?: true,
  ) {
    super(code, message);
  }
}
