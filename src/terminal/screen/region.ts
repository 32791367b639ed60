import { widthOf } from '../text/wrap.js';

/** The rows that are redrawn below the finished ones. */
export interface LiveFrame {
  readonly rows: readonly string[];
  /**
   * The place of the terminal's own cursor in the last row: the text left and right of it. Input methods open their
   * window beside it.
   */
  readonly caret?: { readonly before: string; readonly after: string } | undefined;
}

const eraseRow = '\x1b[2K';
/** Not from the corner of the screen: tmux treats that as clearing it, and copies the screen into the scrollback. */
const eraseBelow = `${eraseRow}\x1b[C\x1b[J\r`;
/** Rows never wrap automatically: however a terminal counts the columns of an emoji, the number of rows stays known. */
const noWrap = '\x1b[?7l';
const wrap = '\x1b[?7h';
/** Terminals with synchronized output show a frame at once; the others ignore these. */
const beginFrame = '\x1b[?2026h';
const endFrame = '\x1b[?2026l';
const saveCursor = '\x1b7';
const restoreCursor = '\x1b8';

/**
 * The live rows at the bottom of an inline terminal. Between frames the cursor rests in the last of them: when a window
 * gets narrower, terminals rewrap the rows above and move the cursor along, so the first live row is always as many
 * rows up as the live rows take by then.
 */
export class Region {
  private drawn: LiveFrame = { rows: [] };
  private columns = 0;

  constructor(private readonly write: (text: string) => void) {}

  /** Adds `finished` above the live rows and redraws these. Writes nothing when nothing changed. */
  draw(finished: readonly string[], frame: LiveFrame, columns: number): void {
    const samePlace = frame.rows.length === this.drawn.rows.length && columns === this.columns;
    const body =
      samePlace && finished.length === 0 ? this.patch(frame) : this.redraw(finished, frame, columns);
    this.drawn = frame;
    this.columns = columns;
    if (body !== '') this.write(`${beginFrame}${noWrap}${body}${wrap}${endFrame}`);
  }

  /** Removes the live rows; what was finished stays. */
  erase(): void {
    if (this.drawn.rows.length > 0) this.write(`${this.toTop(this.columns)}${eraseBelow}`);
    this.drawn = { rows: [] };
  }

  /** Another program wrote to the screen: draws the next frame from where the cursor is. */
  forget(): void {
    this.drawn = { rows: [] };
  }

  /** Redraws only the rows that changed; usually the meters. */
  private patch(frame: LiveFrame): string {
    const last = frame.rows.length - 1;
    const changed = frame.rows
      .slice(0, -1)
      .map((row, index) =>
        row === this.drawn.rows[index] ? '' : `${up(last - index)}\r${eraseRow}${row}${down(last - index)}`,
      )
      .join('');
    const sameLast = lastRow(frame) === lastRow(this.drawn);
    return changed === '' && sameLast ? '' : `${changed}\r${eraseRow}${lastRow(frame)}`;
  }

  private redraw(finished: readonly string[], frame: LiveFrame, columns: number): string {
    const above = finished.map((row) => `${wrap}${row}${noWrap}\r\n`).join('');
    const live = frame.rows.slice(0, -1).map((row) => `${row}\r\n`);
    return `${this.toTop(columns)}${eraseBelow}${above}${live.join('')}${lastRow(frame)}`;
  }

  /** Moves from where the last frame left the cursor to the first live row, even if a resize has wrapped rows since. */
  private toTop(columns: number): string {
    const { rows, caret } = this.drawn;
    const taken = (row: string): number =>
      Math.max(1, Math.ceil(Math.min(widthOf(row), this.columns) / columns));
    const above = rows.slice(0, -1).reduce((sum, row) => sum + taken(row), 0);
    const inside = columns < this.columns ? Math.floor(widthOf(caret?.before ?? '') / columns) : 0;
    return `${up(above + inside)}\r`;
  }
}

/** Leaves the cursor at the caret, or at the start of the row. */
function lastRow({ rows, caret }: LiveFrame): string {
  if (caret === undefined) return `${rows.at(-1) ?? ''}\r`;
  return `${caret.before}${saveCursor}${caret.after}${restoreCursor}`;
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : '';
}

function down(rows: number): string {
  return rows > 0 ? `\x1b[${rows}B` : '';
}
