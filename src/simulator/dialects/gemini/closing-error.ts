/**
 * The only way Gemini refuses anything: it closes the connection. An error object inside the stream is not part of
 * the protocol.
 */
export class ClosingError extends Error {
  override readonly name = 'ClosingError';

  constructor(
    readonly code: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** What the real server says about anything it does not explain. */
export function invalidArgument(): ClosingError {
  return new ClosingError(1007, 'Request contains an invalid argument.');
}

export function internalError(): ClosingError {
  return new ClosingError(1011, 'Internal error encountered.');
}

/** Measured at the time limit of a connection or a session. */
export function deadlineExpired(): ClosingError {
  return new ClosingError(1011, 'Deadline expired before operation could complete.');
}
