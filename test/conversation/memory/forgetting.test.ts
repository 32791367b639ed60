import { describe, expect, test } from 'vitest';
import type { HistoryLimit } from '../../../src/contract/limits.js';
import type { Profile } from '../../../src/contract/profile.js';
import type { ConversationOptions } from '../../../src/conversation/conversation.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

function limited(
  historyLimit: HistoryLimit,
  profile: Partial<Profile> = {},
  more: Partial<ConversationOptions> = {},
): ScriptedTalk {
  return new ScriptedTalk(profile, { transcription: {} }, { historyLimit, reconnects: true, ...more });
}

/** A whole turn: eight letters are asked, eight are answered. */
function exchange(talk: ScriptedTalk, n: number): ScriptedTalk {
  talk.turn(`u${n}`).model({ type: 'user.transcript.done', itemId: `u${n}`, text: 'question' });
  return talk.answer(`r${n}`, `a${n}`, 'answered', 50).rendered(`a${n}`, 50);
}

const deleted = (talk: ScriptedTalk) => talk.sent('item.delete').map(({ itemId }) => itemId);

describe('what the model forgets', () => {
  test('is the oldest turns, when a new one begins; our history keeps all of it', () => {
    const talk = limited({ turns: 2 });
    exchange(talk, 1);
    exchange(talk, 2);
    expect(deleted(talk)).toEqual([]);
    talk.turn('u3');
    expect(deleted(talk)).toEqual(['u1', 'a1']);
    talk.model({ type: 'item.deleted', itemId: 'u1' }, { type: 'item.deleted', itemId: 'a1' });
    expect(talk.conversation.history.map(({ itemId }) => itemId)).toEqual(['u1', 'a1', 'u2', 'a2', 'u3']);
    talk.answer('r3', 'a3', 'so', 50).rendered('a3', 50).forget().turn('u4');
    expect(deleted(talk)).toEqual(['u2', 'a2']);
  });

  test('is a call with its result', () => {
    const talk = limited({ turns: 1 });
    talk.turn('u1').model({ type: 'user.transcript.done', itemId: 'u1', text: 'weather?' });
    talk.call('r1', 'c1').model({ type: 'response.done', responseId: 'r1', status: 'completed' });
    talk.result('c1').acknowledge().answer('r2', 'a1', 'sunny', 50).rendered('a1', 50).turn('u2');
    expect(deleted(talk)).toEqual(['u1', 'c1-item', expect.stringMatching(/^vt_result_/), 'a1']);
  });

  test('is never the present turn, nor one in which something still goes on', () => {
    const talk = limited({ tokens: 1 });
    talk.turn('u1').call('r1', 'c1').model({ type: 'response.done', responseId: 'r1', status: 'completed' });
    talk.turn('u2');
    expect(deleted(talk)).toEqual([]);
    talk.model({ type: 'user.transcript.done', itemId: 'u1', text: 'long ago' });
    talk.result('c1').wait(100);
    expect(deleted(talk)).toEqual(['u1', 'c1-item', expect.stringMatching(/^vt_result_/)]);
  });

  test('is counted in tokens, at four letters each', () => {
    // Every turn has four; the present one has not yet any words.
    const talk = limited({ tokens: 8 });
    for (const n of [1, 2, 3]) exchange(talk, n);
    expect(deleted(talk)).toEqual([]);
    talk.turn('u4');
    expect(deleted(talk)).toEqual(['u1', 'a1']);
  });

  test('is not told to the next connection either', () => {
    const talk = limited({ turns: 1 });
    exchange(talk, 1);
    exchange(talk, 2);
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true }).forget();
    talk.feed({ type: 'link.restored' });
    talk.model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' });
    expect(talk.sent('item.create')).toMatchObject([
      { item: { role: 'user', text: 'question' } },
      { item: { role: 'assistant', text: 'answered' } },
    ]);
    // What was told under other ids is deleted under them.
    const told = talk.sent('item.create').map(({ item }) => item.itemId);
    talk.forget().turn('u3');
    expect(deleted(talk)).toEqual(told);
  });

  test('of an earlier session is not told at all', () => {
    const history = [1, 2, 3].map(
      (n) =>
        ({ kind: 'message', itemId: `x${n}`, role: 'user', text: `earlier ${n}`, state: 'done' }) as const,
    );
    const talk = limited({ turns: 2 }, {}, { history }).turn('u1');
    expect(deleted(talk)).toHaveLength(1);
    expect(talk.conversation.history).toHaveLength(4);
  });

  test('cannot be forgotten everywhere, which is said once', () => {
    const talk = limited({ turns: 1 }, { deletesItems: false });
    for (const n of [1, 2, 3, 4]) exchange(talk, n);
    expect(deleted(talk)).toEqual([]);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'history.kept' }]);
  });

  test('what the system was told stays', () => {
    const talk = limited({ turns: 1 });
    const items = [{ kind: 'message', itemId: 's', role: 'system', text: 'Be kind', state: 'done' }] as const;
    talk.feed({ type: 'history.replaced', items });
    exchange(talk, 1);
    exchange(talk, 2);
    expect(deleted(talk)).toEqual(['u1', 'a1']);
  });
});
