import { cleanText, oneLine } from './clean-text.js';

/** Enough for every message of ours; what a server says may be a whole page. */
const mostLetters = 16_000;

/**
 * A problem and its hint as lines for standard error. The message may come from a server, so it is cleaned: a terminal
 * shows only text.
 */
export function problemText(message: string, hint?: string, label = 'error:'): string {
  const lines = cleanText(message.slice(0, mostLetters))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${label} ${line.trimEnd()}\n`);
  return lines.join('') + (hint === undefined ? '' : `hint: ${oneLine(hint)}\n`);
}
