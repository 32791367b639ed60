import { cleanText, oneLine } from './clean-text.js';

/**
 * What went wrong and what to do about it, as lines for standard error. The words may be a server's: whatever it has
 * put into them, a terminal only ever shows text.
 */
export function complaint(message: string, hint?: string, label = 'error:'): string {
  const lines = cleanText(message)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${label} ${line.trimEnd()}\n`);
  return lines.join('') + (hint === undefined ? '' : `hint: ${oneLine(hint)}\n`);
}
