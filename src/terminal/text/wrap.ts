import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const firstStrongIsolate = '\u2068';
const popIsolate = '\u2069';

/** Most UTF-16 units of a character with all its marks; a family emoji has eleven. */
const longestCharacter = 32;

const words = new Intl.Segmenter(undefined, { granularity: 'word' });
/** Marks that must not start a row: they stay with the word before them. */
const closing = /^[\p{Pe}\p{Pf}\p{Po}\p{M}…—ー々]/u;
/** Marks that must not end a row. */
const opening = /[\p{Ps}\p{Pi}]$/u;
/** Scripts written without spaces, and pictographs: a row may end next to any of their words. */
const unspaced =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Extended_Pictographic}\\u3000-\\u303f\\uff00-\\uffef]';
const startsUnspaced = new RegExp(`^${unspaced}`, 'u');
const endsUnspaced = new RegExp(`${unspaced}[\\p{M}\\u200d\\ufe0f\\u{1f3fb}-\\u{1f3ff}]*$`, 'u');

/** Columns that this text takes in a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Shortens cleaned text to `columns`, with an ellipsis if something was left out. */
export function truncate(text: string, columns: number): string {
  // Measuring is slow: only the beginning of a text that is much too long is measured.
  const beginning = text.slice(0, columns * longestCharacter);
  if (beginning.length === text.length && stringWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${hardWrap(beginning, columns - 1)[0] ?? ''}…`;
}

/**
 * Wraps cleaned text into rows no wider than `columns`. Breaks between words, and between the words of scripts that
 * write without spaces; words longer than a row are broken between graphemes. Rows with right-to-left text are
 * isolated, so that their direction does not reach beyond them.
 */
export function wrapText(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const isolated = rightToLeft.test(paragraph);
    // In old terminals each of the two isolates takes a column.
    const room = Math.max(1, isolated ? columns - 2 : columns);
    const rows = wrapParagraph(paragraph, room);
    return isolated ? rows.map((row) => `${firstStrongIsolate}${row}${popIsolate}`) : rows;
  });
}

function wrapParagraph(paragraph: string, columns: number): string[] {
  if (stringWidth(paragraph) <= columns) return [paragraph];
  const rows: string[] = [];
  let row = '';
  for (const unit of unitsOf(paragraph)) {
    if (stringWidth((row + unit).trimEnd()) <= columns) {
      row += unit;
      continue;
    }
    if (row.trim() !== '') rows.push(row.trimEnd());
    const word = unit.trim();
    const pieces = hardWrap(word, columns);
    rows.push(...pieces.slice(0, -1));
    row = (pieces.at(-1) ?? '') + unit.slice(unit.trimEnd().length);
  }
  if (row.trim() !== '' || rows.length === 0) rows.push(row.trimEnd());
  return rows;
}

/** Pieces between which a row may end: a word with the spaces and marks that stay with it. */
function unitsOf(paragraph: string): string[] {
  const units: string[] = [];
  for (const { segment } of words.segment(paragraph)) {
    const last = units.at(-1);
    if (last !== undefined && staysWith(last, segment)) units[units.length - 1] = last + segment;
    else units.push(segment);
  }
  return units;
}

function staysWith(before: string, after: string): boolean {
  if (/^\s/.test(after)) return true;
  if (/\s$/.test(before)) return false;
  if (closing.test(after) || opening.test(before)) return true;
  // Scripts with spaces break only at spaces: `foo.bar/baz` and `12:30` stay whole.
  return !endsUnspaced.test(before) && !startsUnspaced.test(after);
}

function hardWrap(text: string, columns: number): string[] {
  return wrapAnsi(text, columns, { hard: true, trim: false, wordWrap: false }).split('\n');
}
