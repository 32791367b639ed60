import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import { CommitConfirmations } from '../../../src/providers/compatible/commit-confirmations.js';

const itemId = fc.constantFrom('u1', 'u2', 'u3', 'u4');
const step = fc.oneof(
  fc.constant('commit' as const),
  itemId.map((id): ModelEvent => ({ type: 'input.committed', itemId: id })),
  itemId.map((id): ModelEvent => ({ type: 'speech.stopped', itemId: id })),
  itemId.map((id): ModelEvent => ({ type: 'user.transcript.done', itemId: id, text: 'words' })),
  itemId.map(
    (id): ModelEvent => ({ type: 'item.added', item: { itemId: id, kind: 'message', role: 'user' } }),
  ),
  fc.integer({ min: 1, max: 3 }).map((n): ModelEvent => ({ type: 'response.created', responseId: `r${n}` })),
  fc.constantFrom('vt_commit_1', undefined).map(
    (eventId): ModelEvent => ({
      type: 'error',
      code: 'x',
      message: 'no',
      fatal: false,
      source: 'provider',
      eventId,
    }),
  ),
);

describe('CommitConfirmations', () => {
  it.each([true, false])('confirm each turn once and lose no other event (by answer: %s)', (byAnswer) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const confirmations = new CommitConfirmations({ byAnswer });
        const confirmed: string[] = [];
        let commits = 0;
        for (const one of steps) {
          if (one === 'commit') {
            commits += 1;
            confirmations.sent(`vt_commit_${commits}`);
            continue;
          }
          const revised = confirmations.revise([one]);
          for (const event of revised) if (event.type === 'input.committed') confirmed.push(event.itemId);
          const kept = revised.filter(({ type }) => type !== 'input.committed');
          expect(kept.map(({ type }) => type)).toEqual(one.type === 'input.committed' ? [] : [one.type]);
        }
        expect(new Set(confirmed).size).toBe(confirmed.length);
      }),
      { numRuns: 2000 },
    );
  });
});
