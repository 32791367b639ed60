import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'vitest';
import type { HistoryItem } from '../../../src/contract/items.js';
import { Random } from '../support/random.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

const seeds: HistoryItem[] = ['e1', 't2', 'vt_user_2'].map((itemId) => ({
  kind: 'message',
  itemId,
  role: 'user',
  text: itemId,
  state: 'done',
}));

/** Turns are taken one after the other; words come when they like; in between the program writes and deletes. */
function play(seed: number): void {
  const chance = new Random(seed);
  const talk = new ScriptedTalk({}, { transcription: {} }, { history: chance.chance(0.5) ? seeds : [] });
  /** In order, by what the provider calls them, as far as it knows them. */
  const expected: { itemId: string; providerId: string }[] = talk.conversation.history.map(({ itemId }) => ({
    itemId,
    providerId: itemId,
  }));
  const seeded = expected.length > 0;
  /** The provider knows nothing of ids of an earlier session, and may use them for something else. */
  const named = (providerId: string) => (seeded && providerId === 't2' ? 't2~1' : providerId);
  const owed: string[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const luck = chance.next();
    if (luck < 0.6) {
      const itemId = `t${turn}`;
      const previousItemId = turn < 3 ? undefined : expected.at(-1)?.providerId;
      talk.model({ type: 'speech.started', itemId }, { type: 'speech.stopped', itemId });
      talk.model({ type: 'input.committed', itemId, previousItemId });
      expected.push({ itemId: named(itemId), providerId: itemId });
      owed.push(itemId);
      talk.answer(`r${turn}`, `a${turn}`, 'well', 20).rendered(`a${turn}`, 20);
      expected.push({ itemId: `a${turn}`, providerId: `a${turn}` });
    } else if (luck < 0.8) {
      const place = chance.between(0, expected.length);
      const items: HistoryItem[] = [...talk.conversation.history];
      items.splice(place, 0, {
        kind: 'message',
        itemId: `w${turn}`,
        role: 'user',
        text: 'so',
        state: 'done',
      });
      talk.forget().feed({ type: 'history.replaced', items });
      const providerId = talk.sent('item.create').at(-1)?.item.itemId ?? '';
      expected.splice(place, 0, { itemId: `w${turn}`, providerId });
    } else if (expected.length > 0) {
      const place = chance.between(0, expected.length - 1);
      talk.feed({ type: 'history.replaced', items: talk.conversation.history.filter((_, i) => i !== place) });
      expected.splice(place, 1);
    }
    while (owed.length > 0 && chance.chance(0.3)) {
      const [itemId = ''] = owed.splice(chance.between(0, owed.length - 1), 1);
      talk.model({ type: 'user.transcript.done', itemId, text: itemId });
    }
  }
  for (const itemId of owed.reverse()) talk.model({ type: 'user.transcript.done', itemId, text: itemId });
  const itemIds = talk.conversation.history.map(({ itemId }) => itemId);
  assert.deepEqual(
    itemIds,
    expected.map(({ itemId }) => itemId),
  );
  for (const item of talk.conversation.history) {
    if (item.kind === 'message' && /^t\d+/.test(item.itemId))
      assert.equal(item.text, item.itemId.replace('~1', ''));
  }
}

test('items stay in the order of the conversation, whenever their words come and whatever the program writes', () => {
  fc.assert(fc.property(fc.integer(), play), { numRuns: 500 });
});
