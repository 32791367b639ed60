/** The message to the user before another attempt to connect. `why` may be a server's message, without a full stop. */
export function retryWords(
  attempt: number,
  of: number,
  delayMs: number,
  why = 'The connection was lost.',
): string {
  const reason = why.replace(/[^.!?…]$/, '$&.');
  return `${reason} Connecting again in ${delayMs / 1000} s (attempt ${attempt} of ${of}).`;
}
