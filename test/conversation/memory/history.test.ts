import { describe, expect, test } from 'vitest';
import type { MessageItem } from '../../../src/contract/items.js';
import { Outbox } from '../../../src/conversation/core/outbox.js';
import { History } from '../../../src/conversation/memory/history.js';

function message(itemId: string, role: MessageItem['role'] = 'user'): MessageItem {
  return { kind: 'message', itemId, role, text: itemId, state: 'done' };
}

function setUp() {
  const out = new Outbox();
  return {
    out,
    history: new History(out),
    ids: (history: History) => history.items.map(({ itemId }) => itemId),
  };
}

describe('the order of the conversation', () => {
  test('an item goes after the one it follows, else to the end', () => {
    const { history, ids } = setUp();
    history.add(message('a'));
    history.add(message('c'));
    history.add(message('b'), 'a');
    history.add(message('d'), 'unknown');
    history.add(message('e'), null);
    expect(ids(history)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('a known id is left where it is', () => {
    const { history, ids } = setUp();
    history.add(message('a'));
    history.add(message('b'));
    history.add({ ...message('a'), text: 'again' }, 'b');
    expect(ids(history)).toEqual(['a', 'b']);
    expect(history.message('a')?.text).toBe('a');
  });

  test('an item that was removed may come again', () => {
    const { history, ids } = setUp();
    history.add(message('a'));
    history.remove('a');
    expect(history.message('a')).toBeUndefined();
    history.add(message('a'));
    expect(ids(history)).toEqual(['a']);
  });
});

test('every change is told with the item as it is now and its place', () => {
  const { out, history } = setUp();
  history.add(message('a'));
  history.add(message('b', 'assistant'));
  history.updateMessage('assistant', 'b', { text: 'cut', state: 'cut', heardMs: 20 });
  history.remove('a');
  history.removeUnheard('b');
  const told = out.drain().flatMap((effect) => (effect.type === 'emit' ? [effect.event] : []));
  expect(told).toMatchObject([
    { change: 'added', index: 0, item: { itemId: 'a' } },
    { change: 'added', index: 1, item: { itemId: 'b', state: 'done' } },
    { change: 'updated', index: 1, item: { itemId: 'b', text: 'cut', state: 'cut', heardMs: 20 } },
    { change: 'removed', index: 0, item: { itemId: 'a' } },
    { change: 'removed', index: 0, item: { itemId: 'b', state: 'unheard' } },
  ]);
});

test('nobody gets words put into their mouth', () => {
  const { history } = setUp();
  history.add(message('a', 'user'));
  history.updateMessage('assistant', 'a', { text: 'no' });
  history.removeUnheard('a');
  expect(history.items).toMatchObject([{ itemId: 'a', text: 'a' }]);
});

test('a tool’s result is part of its call, so it can never stand before it', () => {
  const { history } = setUp();
  history.updateTool('c', { output: 'early', state: 'done' });
  expect(history.items).toEqual([]);
  history.add({ kind: 'tool', itemId: 'i', callId: 'c', name: 'weather', arguments: '{}', state: 'running' });
  history.updateTool('c', { output: 'sunny', state: 'done' });
  expect(history.items).toMatchObject([{ callId: 'c', output: 'sunny', state: 'done' }]);
});
