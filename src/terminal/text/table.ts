import stringWidth from 'string-width';
import { styles } from './color.js';

/** Rows in aligned columns under a heading. Widths are terminal columns: 中 takes two. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  color: boolean,
): string {
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((row) => stringWidth(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
      .join('  ')
      .trimEnd();
  return [styles(color).bold(line(heading)), ...rows.map(line)].map((text) => `${text}\n`).join('');
}
