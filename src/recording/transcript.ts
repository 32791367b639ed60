import { extname } from 'node:path';
import { withoutInvisible } from '../base/visible-text.js';
import type { HistoryItem, MessageItem, ToolCallItem } from '../contract/items.js';

export type TranscriptFormat = 'text' | 'markdown' | 'json';

/** `.md` and `.markdown` → Markdown, `.json` → JSON, everything else → plain text. */
export function transcriptFormat(path: string): TranscriptFormat {
  switch (extname(path).toLowerCase()) {
    case '.md':
    case '.markdown':
      return 'markdown';
    case '.json':
      return 'json';
    default:
      return 'text';
  }
}

/** The conversation in words, ending in a line break. JSON is `{"schema":1,"items":[…]}` with the items as they are. */
export function renderTranscript(items: readonly HistoryItem[], format: TranscriptFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({ schema: 1, items }, null, 2)}\n`;
    case 'markdown':
      return [markdownHead, ...items.map(markdownBlock)].join('');
    case 'text':
      return items.map((item) => `${asText(item)}\n`).join('');
  }
}

/** A transcript in Markdown is this and a block for each item. */
export const markdownHead = '# Conversation\n';

export function markdownBlock(item: HistoryItem): string {
  return `\n${asMarkdown(item)}\n`;
}

const speakers: Readonly<Record<MessageItem['role'], string>> = {
  user: 'You',
  assistant: 'Assistant',
  system: 'System',
};

/** What the state of a message adds to its words. */
const remarks: Readonly<Record<MessageItem['state'], string>> = {
  pending: '(unfinished)',
  done: '',
  cut: '(interrupted)',
  unheard: '(interrupted before the first word)',
  untranscribed: '(spoken, words unknown)',
};

function asText(item: HistoryItem): string {
  if (item.kind === 'tool') return oneLine(`Tool: ${call(item)} → ${outcome(item)}`);
  return `${speakers[item.role]}: ${joined(printable(item.text), remarks[item.state])}`;
}

function asMarkdown(item: HistoryItem): string {
  if (item.kind === 'tool') return `**Tool:** ${code(call(item))} → ${code(outcome(item))}`;
  const remark = remarks[item.state];
  return `**${speakers[item.role]}:** ${joined(escaped(printable(item.text)), remark && `*${remark}*`)}`;
}

function joined(words: string, remark: string): string {
  return [words, remark].filter((part) => part !== '').join(' ');
}

function call(item: ToolCallItem): string {
  return `${item.name}(${item.arguments})`;
}

function outcome(item: ToolCallItem): string {
  return item.state === 'done' ? (item.output ?? '') : joined(item.state, item.output ?? '');
}

function oneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}

/** A model's words may contain anything; escape sequences must not reach the terminal on which the file is printed. */
function printable(text: string): string {
  return withoutInvisible(text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, ''));
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*_<>[\]]/g, '\\$&')
    .replace(/^(\s*)([#+=~-]|\d+[.)])/gm, '$1\\$2')
    .replace(/\n/g, '  \n');
}

/** Inline code, fenced by one backtick more than it holds. */
function code(text: string): string {
  const content = oneLine(text);
  const longest = Math.max(0, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || content === '' ? ' ' : '';
  return `${fence}${padding}${content}${padding}${fence}`;
}
