import { createInterface } from 'node:readline/promises';
import { cleanText } from '../text/clean-text.js';

interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Asks a yes-or-no question. True only for a typed "y" or "yes"; no answer counts as no. */
export async function confirm(
  question: string,
  { stdin, stderr }: Streams,
  signal: AbortSignal,
): Promise<boolean> {
  // Not raw mode, so that Ctrl+C still sends a signal.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(`${cleanText(question)} [y/N] `, { signal }), ended]);
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
