import { widthOf } from './wrap.js';

/** Where the terminal's own cursor stands in the live rows: input methods open their window beside it. */
export interface Caret {
  readonly row: number;
  /** The row's text left and right of the cursor. */
  readonly before: string;
  readonly after: string;
}

/** Rows that are drawn again and again below the finished ones. */
export interface LiveFrame {
  readonly rows: readonly string[];
  readonly caret?: Caret | undefined;
}

const eraseBelow = '\x1b[J';
const eraseRow = '\x1b[2K';
/** Rows never wrap on their own: however a terminal counts the columns of an emoji, the number of rows stays ours. */
const noWrap = '\x1b[?7l';
const wrap = '\x1b[?7h';
/** Terminals that know synchronized output show a frame at once; the others ignore it. */
const beginFrame = '\x1b[?2026h';
const endFrame = '\x1b[?2026l';
const saveCursor = '\x1b7';
const restoreCursor = '\x1b8';

/**
 * The live rows at the bottom of an inline terminal. Between frames the cursor rests on the first live row (or at the
 * caret): terminals keep the cursor on its row when a resize wraps the rows above it anew, so erasing from there
 * downwards removes what is ours and nothing else.
 */
export class Region {
  private drawn: LiveFrame = { rows: [] };
  private columns = 0;

  constructor(private readonly write: (text: string) => void) {}

  /** Lets `finished` scroll up above the live rows and draws these again. Writes nothing when nothing changed. */
  draw(finished: readonly string[], frame: LiveFrame, columns: number): void {
    const body = this.canPatch(finished, frame, columns)
      ? this.patch(frame)
      : this.redraw(finished, frame, columns);
    this.drawn = frame;
    this.columns = columns;
    if (body !== '') this.write(`${beginFrame}${noWrap}${body}${wrap}${endFrame}`);
  }

  /** Removes the live rows; what was finished stays. */
  erase(): void {
    if (this.drawn.rows.length > 0) this.write(`${this.toTop(this.columns)}${eraseBelow}`);
    this.drawn = { rows: [] };
  }

  /** Another program wrote to the screen: the next frame is drawn from where the cursor is. */
  forget(): void {
    this.drawn = { rows: [] };
  }

  private canPatch(finished: readonly string[], frame: LiveFrame, columns: number): boolean {
    const { rows, caret } = this.drawn;
    const sameShape = rows.length === frame.rows.length && columns === this.columns && finished.length === 0;
    return sameShape && caret?.row === frame.caret?.row;
  }

  /** Only the rows that changed; mostly that is the meters. */
  private patch(frame: LiveFrame): string {
    const { drawn } = this;
    let body = '';
    let at = 0;
    for (const [index, row] of frame.rows.entries()) {
      if (row === drawn.rows[index] && index !== frame.caret?.row) continue;
      if (index === frame.caret?.row && sameCaret(frame.caret, drawn.caret)) continue;
      body += `${down(index - at)}\r${eraseRow}${row}`;
      at = index;
    }
    if (body === '') return '';
    return `${this.toTop(this.columns)}${body}${up(at)}\r${toCaret(frame.caret)}`;
  }

  private redraw(finished: readonly string[], frame: LiveFrame, columns: number): string {
    const { rows, caret } = frame;
    const above = finished.map((row) => `${wrap}${row}${noWrap}\r\n`).join('');
    // Line feeds first: they scroll the screen as far as it must go before any position counts.
    const below = Math.max(0, rows.length - 1);
    const body = `${'\n'.repeat(below)}${up(below)}\r${rows.join('\r\n')}${up(below)}\r${toCaret(caret)}`;
    return `${this.toTop(columns)}${eraseBelow}${above}${body}`;
  }

  /** From where the last frame left the cursor to the first live row, also when a resize has wrapped rows since. */
  private toTop(columns: number): string {
    const { rows, caret } = this.drawn;
    if (caret === undefined) return '\r';
    const aboveCaret = rows.slice(0, caret.row).map((row) => Math.min(widthOf(row), this.columns));
    const wrapped =
      columns === this.columns ? [] : [...aboveCaret, Math.min(widthOf(caret.before), this.columns)];
    const extra = wrapped.reduce((sum, width) => sum + Math.max(0, Math.ceil(width / columns) - 1), 0);
    return `${up(caret.row + extra)}\r`;
  }
}

function sameCaret(a: Caret, b: Caret | undefined): boolean {
  return a.before === b?.before && a.after === b.after;
}

function toCaret(caret: Caret | undefined): string {
  return caret === undefined
    ? ''
    : `${down(caret.row)}\r${eraseRow}${caret.before}${saveCursor}${caret.after}${restoreCursor}`;
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : '';
}

function down(rows: number): string {
  return rows > 0 ? `\x1b[${rows}B` : '';
}
