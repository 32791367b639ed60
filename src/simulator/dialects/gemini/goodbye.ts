/**
 * The only way Gemini refuses anything: it closes the connection. An error object inside the stream is not part of
 * the protocol.
 */
export class Goodbye extends Error {
  override readonly name = 'Goodbye';

  constructor(
    readonly code: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** What the real server says about anything that it does not explain. */
export function invalidArgument(): Goodbye {
  return new Goodbye(1007, 'Request contains an invalid argument.');
}

export function internalError(): Goodbye {
  return new Goodbye(1011, 'Internal error encountered.');
}

/** Measured where a connection or a session had reached its age. */
export function deadlineExpired(): Goodbye {
  return new Goodbye(1011, 'Deadline expired before operation could complete.');
}
