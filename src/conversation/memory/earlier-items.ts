import type { HistoryItem } from '../../contract/items.js';

/** Several providers count their items, and begin anew with every session: an id may come again, and mean something else. */
const ofEarlier = 'earlier_';

/**
 * Items of an earlier session as a new one can begin with them: nothing is still going on, what nobody heard never was, a call
 * without its result is a cancelled one, and each id is there once, and is none that the new session may give.
 */
export function earlierItems(items: readonly HistoryItem[]): HistoryItem[] {
  const taken = new Set<string>();
  return items.flatMap((item): HistoryItem[] => {
    const settled = item.kind === 'tool' ? settledCall(item) : settledMessage(item);
    if (settled === undefined) return [];
    const own = settled.itemId.startsWith(ofEarlier) ? settled.itemId : `${ofEarlier}${settled.itemId}`;
    let itemId = own;
    for (let count = 2; taken.has(itemId); count++) itemId = `${own}_${count}`;
    taken.add(itemId);
    return [{ ...settled, itemId }];
  });
}

function settledCall(item: Extract<HistoryItem, { kind: 'tool' }>): HistoryItem {
  const { output, ...call } = item;
  const answered = (call.state === 'done' || call.state === 'failed') && output !== undefined;
  return answered ? item : { ...call, state: 'cancelled' };
}

function settledMessage(item: Extract<HistoryItem, { kind: 'message' }>): HistoryItem | undefined {
  if (item.text === '') return item.role === 'user' ? { ...item, state: 'untranscribed' } : undefined;
  return item.state === 'cut' || item.state === 'done' ? item : { ...item, state: 'done' };
}
