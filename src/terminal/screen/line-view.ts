import type { NoteLevel } from '../display.js';
import type { Styles } from '../text/color.js';
import { wrapText } from '../text/wrap.js';
import { lineText } from '../transcript/line-text.js';
import type { Line } from '../transcript/transcript.js';

const labelColumns = 9;

/** A transcript line as styled terminal rows: who in the first column, the words wrapped beside it. */
export function lineRows(line: Line, columns: number, style: Styles): string[] {
  const { label, text } = lineText(line);
  const rows = wrapText(text, Math.max(8, columns - labelColumns));
  return rows.map((row, index) => {
    const head = (index === 0 ? label : '').padEnd(labelColumns);
    return `${labelStyle(line, style)(head)}${textStyle(line, style)(row)}`;
  });
}

function labelStyle(line: Line, style: Styles): (text: string) => string {
  switch (line.kind) {
    case 'said':
      return line.speaker === 'user' ? style.green : style.cyan;
    case 'tool':
      return line.state === 'failed' ? style.red : style.dim;
    case 'handoff':
      return style.cyan;
    case 'note':
      return noteStyle(line.level, style);
  }
}

/** Dim while the line may still change. */
function textStyle(line: Line, style: Styles): (text: string) => string {
  switch (line.kind) {
    case 'said':
      return line.state === 'live' || line.state === 'untranscribed' ? style.dim : plain;
    case 'tool':
      return line.state === 'failed' ? style.red : style.dim;
    case 'handoff':
      return plain;
    case 'note':
      return line.level === 'info' ? style.dim : plain;
  }
}

function noteStyle(level: NoteLevel, style: Styles): (text: string) => string {
  switch (level) {
    case 'info':
      return style.dim;
    case 'warning':
      return style.yellow;
    case 'error':
      return style.red;
  }
}

function plain(text: string): string {
  return text;
}
