import { cleanText, oneLine } from '../text/clean-text.js';
import { shortName } from '../text/short-name.js';
import { truncate } from '../text/wrap.js';
import type { Line, SaidLine, ToolLine } from './transcript.js';

/** A transcript line as text: who, and what. Safe for a terminal. */
export interface LineText {
  readonly label: 'you' | 'voxterm' | 'tool' | 'agent' | 'note' | 'warning' | 'error';
  readonly text: string;
}

const argumentColumns = 60;
/** For a call that waits for permission: the user must see what they allow. */
export const askedColumns = 2000;
const reasonColumns = 120;

export function lineText(line: Line): LineText {
  switch (line.kind) {
    case 'said':
      return { label: line.speaker === 'user' ? 'you' : 'voxterm', text: saidText(line) };
    case 'tool':
      return { label: 'tool', text: toolText(line) };
    case 'handoff':
      return { label: 'agent', text: `→ ${shortName(line.to)}` };
    case 'note': {
      const label = line.level === 'info' ? 'note' : line.level;
      return { label, text: cleanText(sentences(shortened(line.text), line.hint)) };
    }
  }
}

/** Milliseconds as seconds, for people. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}

function saidText({ state, text }: SaidLine): string {
  const said = cleanText(text).trim();
  switch (state) {
    case 'live':
      return said === '' ? '…' : said;
    case 'done':
      return said;
    case 'cut':
      return said === '' ? '—' : `${said} —`;
    case 'unheard':
      return '—';
    case 'untranscribed':
      return '(no transcript)';
  }
}

function toolText({ name, arguments: given, state, durationMs, progress, reason }: ToolLine): string {
  const call = callText(name, given, state === 'asking' ? askedColumns : argumentColumns);
  const took = durationMs === undefined ? '' : ` · ${seconds(durationMs)}`;
  switch (state) {
    case 'asking':
      return `${call} · waits for permission`;
    case 'running':
      return `${call} · running${took}${progress === undefined ? '' : `: ${truncate(oneLine(progress), reasonColumns)}`}`;
    case 'done':
      return `${call} · done${took}`;
    case 'failed':
    case 'cancelled': {
      const why =
        reason === undefined || reason === '' ? '' : `: ${truncate(oneLine(reason), reasonColumns)}`;
      return `${call} · ${state}${why}${took}`;
    }
  }
}

/** A call as it is written in a program, with its arguments cleaned and shortened. */
export function callText(name: string, given: unknown, columns = argumentColumns): string {
  return `${shortName(name)}(${argumentText(given, columns)})`;
}

function argumentText(given: unknown, columns: number): string {
  if (given === undefined || given === null) return '';
  if (typeof given !== 'object' || Array.isArray(given)) return brief(given, columns);
  return truncate(
    Object.entries(given)
      .map(([name, value]) => `${shortName(name)}: ${brief(value, columns)}`)
      .join(', '),
    columns,
  );
}

function brief(value: unknown, columns: number): string {
  return truncate(oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')), columns);
}

/** Enough for every message of ours; a server's error may be a whole page. */
const mostNoteLetters = 4000;

function shortened(text: string): string {
  return text.length > mostNoteLetters ? `${text.slice(0, mostNoteLetters)}…` : text;
}

function sentences(text: string, hint: string | undefined): string {
  if (hint === undefined) return text;
  return /[.!?…]$/.test(text) ? `${text} ${hint}` : `${text}. ${hint}`;
}
