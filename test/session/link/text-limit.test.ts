import { expect, it } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import { defaultTextLength as longestText } from '../../../src/contract/limits.js';
import { TextLimit } from '../../../src/session/link/text-limit.js';

const part = { responseId: 'r', itemId: 'a', contentIndex: 0 };
const error = expect.objectContaining({ type: 'error', code: 'text.too-long', fatal: false });

it('leaves words of a usual length alone', () => {
  const limit = new TextLimit(10);
  const events: ModelEvent[] = [
    { type: 'text.delta', ...part, delta: '0123456789', spoken: true },
    { type: 'text.delta', ...part, contentIndex: 1, delta: '0123456789', spoken: true },
    { type: 'text.done', ...part, text: '0123456789', spoken: true },
    { type: 'text.delta', ...part, delta: '0123456789', spoken: true },
    { type: 'user.transcript.done', itemId: 'u', text: '0123456789' },
  ];
  for (const event of events) {
    const [same, ...more] = limit.apply(event);
    expect(same).toBe(event);
    expect(more).toEqual([]);
  }
});

it('cuts what arrives in pieces or as a whole, and says so once', () => {
  const limit = new TextLimit(10);
  const delta = (text: string) => limit.apply({ type: 'text.delta', ...part, delta: text, spoken: true });
  expect(delta('01234567')).toHaveLength(1);
  expect(delta('89abc')).toEqual([expect.objectContaining({ delta: '89' }), error]);
  expect(delta('def')).toEqual([expect.objectContaining({ delta: '' })]);
  expect(limit.apply({ type: 'text.done', ...part, text: '0123456789abcdef', spoken: true })).toEqual([
    expect.objectContaining({ text: '0123456789' }),
  ]);
  expect(limit.apply({ type: 'text.late', ...part, delta: 'y'.repeat(99) })).toEqual([
    expect.objectContaining({ delta: 'y'.repeat(10) }),
  ]);
  const item = { itemId: 'i', kind: 'message', role: 'user', text: '0123456789abc' } as const;
  expect(limit.apply({ type: 'item.added', item })).toMatchObject([{ item: { text: '0123456789' } }]);
  expect(limit.apply({ type: 'user.transcript.updated', itemId: 'u', text: 'x'.repeat(99) })).toMatchObject([
    { text: 'x'.repeat(10) },
  ]);
});

it('holds as much as a saved conversation', () => {
  expect(longestText).toBe(200_000);
});
