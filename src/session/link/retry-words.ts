/** What the user is told before another attempt at a connection. `why` may be words of the server's, without a full stop. */
export function retryWords(
  attempt: number,
  of: number,
  delayMs: number,
  why = 'The connection was lost.',
): string {
  const reason = why.replace(/[^.!?…]$/, '$&.');
  return `${reason} Connecting again in ${delayMs / 1000} s (attempt ${attempt} of ${of}).`;
}
