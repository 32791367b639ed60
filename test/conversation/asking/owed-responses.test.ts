import { expect, test } from 'vitest';
import { OwedResponses } from '../../../src/conversation/asking/owed-responses.js';
import { Outbox } from '../../../src/conversation/core/outbox.js';

function setUp(acknowledgesItems = true) {
  const out = new Outbox();
  return { out, wants: new OwedResponses(out, acknowledgesItems) };
}

test('a response satisfies what the server had acknowledged when it began', () => {
  const { out, wants } = setUp();
  wants.add({ itemId: 'known' });
  wants.add({ itemId: 'unknown' });
  wants.add({});
  wants.acknowledge('known');
  wants.satisfyKnown(Number.POSITIVE_INFINITY);
  expect(wants.all.map(({ itemId }) => itemId)).toEqual(['unknown']);
  out.nowMs = 50;
  wants.acknowledge('unknown');
  // It may have begun before the server had read the item.
  wants.satisfyKnown(50);
  expect(wants.all).toHaveLength(1);
});

test('without acknowledgements an item is known when it has surely arrived', () => {
  const { out, wants } = setUp(false);
  wants.add({ itemId: 'a' });
  out.nowMs = 1000;
  wants.satisfyKnown(Number.POSITIVE_INFINITY);
  expect(wants.all).toHaveLength(1);
  out.nowMs = 1500;
  wants.satisfyKnown(Number.POSITIVE_INFINITY);
  expect(wants.all).toEqual([]);
});

test('what was taken for answered comes back when it was not, with what was learned meanwhile', () => {
  const { wants } = setUp();
  wants.add({ itemId: 'a' });
  wants.add({ itemId: 'b' });
  wants.acknowledge('a');
  wants.satisfy([...wants.all], Number.POSITIVE_INFINITY);
  expect(wants.all).toEqual([]);
  wants.acknowledge('b');
  wants.restore();
  expect(wants.all.map(({ itemId }) => itemId)).toEqual(['b']);
  wants.satisfyKnown(Number.POSITIVE_INFINITY);
  expect(wants.all).toEqual([]);
});

test('what was called off does not come back', () => {
  const { wants } = setUp();
  wants.add({ itemId: 'a' });
  wants.satisfy([...wants.all], Number.POSITIVE_INFINITY);
  wants.clear();
  wants.restore();
  expect(wants.all).toEqual([]);
});
