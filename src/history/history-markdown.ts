import { withoutInvisible } from '../base/visible-text.js';
import type { HistoryItem, MessageItem, ToolCallItem } from '../contract/items.js';
import type { HistoryMeta } from './saved-history.js';

const speakers: Readonly<Record<MessageItem['role'], string>> = {
  user: 'You',
  assistant: 'Assistant',
  system: 'System',
};

const endings: Readonly<Record<ToolCallItem['state'], string>> = {
  done: '',
  running: 'still running',
  failed: 'failed',
  cancelled: 'cancelled',
};

/**
 * The conversation for people to read: who said what, how much of it was heard, and collapsed tool calls with their
 * results.
 */
export function historyToMarkdown(items: readonly HistoryItem[], meta: HistoryMeta): string {
  const { savedAt, provider, model, agent } = meta;
  const facts = [`${provider}, ${model}`, ...(agent === undefined ? [] : [`agent ${agent}`])];
  const head = `# Conversation\n\n${escaped([...facts, savedAt.toISOString()].join(' · '))}`;
  const blocks = items.map((item) => (item.kind === 'message' ? message(item) : toolCall(item)));
  return `${[head, ...blocks].join('\n\n')}\n`;
}

function message({ role, text, state, heardMs }: MessageItem): string {
  const remark = remarkOn(state, heardMs);
  const parts = [escaped(printable(text)), ...(remark === '' ? [] : [`*(${remark})*`])];
  return `**${speakers[role]}:** ${parts.filter((part) => part !== '').join(' ')}`;
}

function remarkOn(state: MessageItem['state'], heardMs: number | undefined): string {
  switch (state) {
    case 'done':
      return heardMs === undefined ? '' : `${seconds(heardMs)} heard`;
    case 'cut':
      return heardMs === undefined ? 'interrupted' : `interrupted after ${seconds(heardMs)}`;
    case 'unheard':
      return 'interrupted before the first word';
    case 'untranscribed':
      return 'spoken, words unknown';
    case 'pending':
      return 'unfinished';
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function toolCall({ name, arguments: given, output, state }: ToolCallItem): string {
  const ending = endings[state];
  const summary = `Tool: <code>${html(printable(name))}</code>${ending === '' ? '' : ` (${ending})`}`;
  const blocks = [`Arguments:\n\n${fenced(given)}`];
  if (output !== undefined) blocks.push(`Result:\n\n${fenced(output)}`);
  return `<details>\n<summary>${summary}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}

/** A fence longer than any in the text, so that the text cannot end it. */
function fenced(text: string): string {
  const content = printable(text);
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${content}\n${fence}`;
}

/** A model's words may contain anything; escape sequences must not reach the terminal on which the file is printed. */
function printable(text: string): string {
  return withoutInvisible(text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, ''));
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*_<>[\]&]/g, '\\$&')
    .replace(/^(\s*)([#+=~|-]|\d+[.)])/gm, '$1\\$2')
    .replace(/\n/g, '  \n');
}
