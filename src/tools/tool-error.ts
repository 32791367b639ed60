/**
 * An error whose message the model is told word for word, so that it can explain it to the user or try again. Any other
 * error a tool throws is told too, but without what looks like a path or a key.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';

  constructor(
    /** Short machine-readable word, for example `place.unknown`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
