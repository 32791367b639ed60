import type { HistoryItem, NewItem } from './items.js';
import type { Profile } from './profile.js';

/** What a model still makes use of; longer talks are replayed from here on. */
const mostItems = 200;
const mostLetters = 60_000;
/** Instructions are no place for more. */
const mostRecapLetters = 4000;

/** The end of the conversation, not longer than that. */
function lastOf(history: readonly HistoryItem[], most: number): readonly HistoryItem[] {
  // One long text must not cost all the others.
  const items = history.slice(-mostItems).map((item) => shortened(item, most / 2));
  let letters = 0;
  const first = items.findLastIndex((item) => {
    letters += item.kind === 'tool' ? item.arguments.length + (item.output?.length ?? 0) : item.text.length;
    return letters > most;
  });
  return items.slice(first + 1);
}

function shortened(item: HistoryItem, most: number): HistoryItem {
  if (item.kind === 'message') return { ...item, text: beginning(item.text, most) };
  return item.output === undefined ? item : { ...item, output: beginning(item.output, most) };
}

/** Half a character at the end would not survive the wire. */
function beginning(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * What was said before as items for a new connection: only words that were really heard or read, and calls that were
 * answered or still run. `newId` gives each item, in order, an id of the new connection.
 */
export function replayItems(
  history: readonly HistoryItem[],
  replay: Profile['replay'],
  newId: (item: HistoryItem) => string,
): NewItem[] {
  if (replay === 'none') return [];
  return lastOf(history, mostLetters).flatMap((item): NewItem[] => {
    if (item.kind === 'message') {
      const known = item.text !== '' && (replay === 'items' || item.role === 'user');
      return known ? [{ kind: 'message', itemId: newId(item), role: item.role, text: item.text }] : [];
    }
    if (replay !== 'items' || item.state === 'cancelled') return [];
    const { callId, name, output } = item;
    const call: NewItem = { kind: 'tool.call', itemId: newId(item), callId, name, arguments: item.arguments };
    return output === undefined
      ? [call]
      : [call, { kind: 'tool.output', itemId: newId(item), callId, output }];
  });
}

/** For servers that take no earlier messages: what was said before, to be told in the instructions. */
export function recapOf(history: readonly HistoryItem[]): string | undefined {
  const lines = lastOf(history, mostRecapLetters).flatMap((item) =>
    item.kind === 'message' && item.text !== '' ? [`${item.role}: ${item.text}`] : [],
  );
  return lines.length === 0 ? undefined : `The conversation so far:\n${lines.join('\n')}`;
}
