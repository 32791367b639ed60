import { describe, expect, test } from 'vitest';
import type { HistoryItem } from '../../src/conversation/items.js';
import { recapOf, replayItems } from '../../src/conversation/replay.js';

function said(role: 'user' | 'assistant', text: string, state: 'done' | 'pending' = 'done'): HistoryItem {
  return { kind: 'message', itemId: `i-${text}`, role, text, state };
}

function call(callId: string, state: 'done' | 'running' | 'cancelled'): HistoryItem {
  const output = state === 'done' ? { output: 'sunny' } : {};
  return { kind: 'tool', itemId: `f-${callId}`, callId, name: 'weather', arguments: '{}', state, ...output };
}

const history: HistoryItem[] = [
  said('user', 'Weather?'),
  call('c1', 'done'),
  call('c2', 'cancelled'),
  call('c3', 'running'),
  said('assistant', 'Sunny.'),
  said('assistant', '', 'pending'),
];

function replayed(items: readonly HistoryItem[], replay: 'items' | 'user' | 'none') {
  let id = 0;
  return replayItems(items, replay, () => {
    id += 1;
    return `n${id}`;
  });
}

describe('what a new connection is told', () => {
  test('words that were said, and calls with their results; no call that came to nothing', () => {
    expect(replayed(history, 'items')).toEqual([
      { kind: 'message', itemId: 'n1', role: 'user', text: 'Weather?' },
      { kind: 'tool.call', itemId: 'n2', callId: 'c1', name: 'weather', arguments: '{}' },
      { kind: 'tool.output', itemId: 'n3', callId: 'c1', output: 'sunny' },
      { kind: 'tool.call', itemId: 'n4', callId: 'c3', name: 'weather', arguments: '{}' },
      { kind: 'message', itemId: 'n5', role: 'assistant', text: 'Sunny.' },
    ]);
  });

  test('the user’s words only, or nothing, where the server takes no more', () => {
    expect(replayed(history, 'user')).toMatchObject([{ role: 'user', text: 'Weather?' }]);
    expect(replayed(history, 'none')).toEqual([]);
  });

  test('no more than the end of a long talk', () => {
    const long = Array.from({ length: 500 }, (_, index) => said('user', `${index}`));
    const items = replayed(long, 'items');
    expect(items).toHaveLength(200);
    expect(items.at(-1)).toMatchObject({ text: '499' });
    const wide = Array.from({ length: 5 }, (_, index) => said('user', `${index}`.repeat(20_000)));
    expect(replayed(wide, 'items')).toHaveLength(3);
  });

  test('the beginning of what is too long, and everything around it', () => {
    const output = `${'x'.repeat(29_998)}😀${'y'.repeat(70_000)}`;
    const asked = { kind: 'tool', callId: 'c1', name: 'read', arguments: '{}' } as const;
    const long: HistoryItem[] = [
      said('user', 'Read it to me.'),
      { ...asked, itemId: 'f1', state: 'done', output },
    ];
    const [question, , result] = replayed(long, 'items');
    expect(question).toMatchObject({ text: 'Read it to me.' });
    expect(result).toMatchObject({ callId: 'c1', output: `${'x'.repeat(29_998)}…` });
    const recap = recapOf([said('user', 'Hello?'), said('assistant', 'z'.repeat(9000))]);
    expect(recap).toMatch(/user: Hello\?\nassistant: z{1999}…$/);
  });

  test('in the instructions, where it takes no items', () => {
    expect(recapOf(history)).toBe('The conversation so far:\nuser: Weather?\nassistant: Sunny.');
    expect(recapOf([])).toBeUndefined();
  });
});
