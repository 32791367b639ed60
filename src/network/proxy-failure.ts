/**
 * The proxy refused, or could not be reached: the server was never asked. The message completes a sentence: "The
 * weather service cannot be reached: the proxy …".
 */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  readonly hint: string;

  /** @param proxy host and port. @param status of its refusal; undefined where it did not answer. */
  constructor(
    readonly proxy: string,
    readonly status: number | undefined,
    cause?: unknown,
  ) {
    super(whatHappened(proxy, status, cause), { cause });
    this.hint = status === undefined ? notReached : refusalHint(status);
  }
}

const notReached =
  'Check HTTPS_PROXY and HTTP_PROXY, or exempt the server with NO_PROXY if it can be reached directly.';

/** What to do about a refusal of the proxy. */
export function refusalHint(status: number): string {
  return status === 407
    ? 'It wants a user and a password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT.'
    : 'Ask who runs it, or exempt the server with NO_PROXY if it can be reached directly.';
}

function whatHappened(proxy: string, status: number | undefined, cause: unknown): string {
  if (status !== undefined) return `the proxy ${proxy} does not let us through (HTTP ${status})`;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing answers at the proxy ${proxy}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no address for the proxy ${proxy}`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `the proxy ${proxy} cannot be reached`;
    default:
      return `the proxy ${proxy} broke the connection${typeof code === 'string' ? ` (${code})` : ''}`;
  }
}
