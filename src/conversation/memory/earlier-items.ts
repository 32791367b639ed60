import type { HistoryItem } from '../../contract/items.js';

/**
 * Items of an earlier session as a new one can begin with them: nothing is still going on, what was not heard is left
 * out, a call without its result is a cancelled one, and each id is there once.
 */
export function earlierItems(items: readonly HistoryItem[]): HistoryItem[] {
  const taken = new Set<string>();
  return items.flatMap((item): HistoryItem[] => {
    const settled = item.kind === 'tool' ? settledCall(item) : settledMessage(item);
    if (settled === undefined) return [];
    let { itemId } = settled;
    for (let count = 2; taken.has(itemId); count++) itemId = `${settled.itemId}_${count}`;
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
