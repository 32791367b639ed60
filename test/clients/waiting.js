/**
 * Polls until something is true: the clients announce things in many ways.
 * @param {string} what for the message when it never happens
 * @param {() => boolean} happened
 */
export async function until(what, happened, timeoutMs = 15_000) {
  const deadline = Date.now() + timeoutMs;
  while (!happened()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
