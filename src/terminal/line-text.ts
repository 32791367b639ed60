import { cleanText, oneLine } from './clean-text.js';
import type { Line, SaidLine, ToolLine } from './transcript.js';
import { truncate } from './wrap.js';

/** A transcript line in words: who, and what. Safe for a terminal. */
export interface LineText {
  readonly label: 'you' | 'voxterm' | 'tool' | 'note' | 'warning' | 'error';
  readonly text: string;
}

const argumentColumns = 60;

export function lineText(line: Line): LineText {
  switch (line.kind) {
    case 'said':
      return { label: line.speaker === 'user' ? 'you' : 'voxterm', text: saidText(line) };
    case 'tool':
      return { label: 'tool', text: toolText(line) };
    case 'note': {
      const label = line.level === 'info' ? 'note' : line.level;
      return { label, text: cleanText(sentences(line.text, line.hint)) };
    }
  }
}

/** Seconds as people read them. */
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

function toolText({ name, arguments: given, state, durationMs, reason }: ToolLine): string {
  const call = `${oneLine(name)}(${argumentText(given)})`;
  const took = durationMs === undefined ? '' : ` · ${seconds(durationMs)}`;
  const why = reason === undefined || reason === '' ? '' : `: ${truncate(oneLine(reason), 120)}`;
  return state === 'done' || state === 'running'
    ? `${call} · ${state}${took}`
    : `${call} · ${state}${why}${took}`;
}

function argumentText(given: unknown): string {
  if (given === undefined || given === null) return '';
  if (typeof given !== 'object' || Array.isArray(given)) return brief(given);
  return truncate(
    Object.entries(given)
      .map(([name, value]) => `${oneLine(name)}: ${brief(value)}`)
      .join(', '),
    argumentColumns,
  );
}

function brief(value: unknown): string {
  return truncate(
    oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
    argumentColumns,
  );
}

function sentences(text: string, hint: string | undefined): string {
  if (hint === undefined) return text;
  return /[.!?…]$/.test(text) ? `${text} ${hint}` : `${text}. ${hint}`;
}
