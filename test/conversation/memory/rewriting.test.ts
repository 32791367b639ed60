import { describe, expect, test } from 'vitest';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { HistoryItem, MessageItem } from '../../../src/contract/items.js';
import type { Profile } from '../../../src/contract/profile.js';
import { checkReplacement } from '../../../src/conversation/memory/rewriting.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

function message(itemId: string, text: string, role: MessageItem['role'] = 'user'): HistoryItem {
  return { kind: 'message', itemId, role, text, state: 'done' };
}

/** Two turns, with a call in the first one. */
function talked(profile: Partial<Profile> = {}): ScriptedTalk {
  const talk = new ScriptedTalk(profile);
  talk.turn('u1').model({ type: 'user.transcript.done', itemId: 'u1', text: 'Weather?' }).call('r1', 'c1');
  talk.model({ type: 'response.done', responseId: 'r1', status: 'completed' }).result('c1').acknowledge();
  talk.answer('r2', 'a1', 'Sunny', 100).rendered('a1', 100);
  talk.turn('u2').model({ type: 'user.transcript.done', itemId: 'u2', text: 'Thanks' });
  return talk.answer('r3', 'a2', 'Welcome', 100).rendered('a2', 100).forget();
}

function rewrite(talk: ScriptedTalk, change: (items: HistoryItem[]) => HistoryItem[]): ScriptedTalk {
  const items = change([...talk.conversation.history]);
  checkReplacement(talk.conversation.history, items);
  return talk.feed({ type: 'history.replaced', items });
}

const ids = (talk: ScriptedTalk) => talk.conversation.history.map(({ itemId }) => itemId);
const without =
  (...gone: string[]) =>
  (items: HistoryItem[]) =>
    items.filter(({ itemId }) => !gone.includes(itemId));

describe('what the program removes', () => {
  test('is deleted at the provider, a call with its result, and told as removed', () => {
    const talk = talked();
    expect(ids(talk)).toEqual(['u1', 'c1-item', 'a1', 'u2', 'a2']);
    rewrite(talk, without('u1', 'c1-item'));
    expect(talk.sent('item.delete').map(({ itemId }) => itemId)).toEqual([
      'u1',
      'c1-item',
      expect.stringMatching(/^vt_result_/),
    ]);
    expect(talk.emitted('history.updated').map(({ change, item }) => [change, item.itemId])).toEqual([
      ['removed', 'u1'],
      ['removed', 'c1-item'],
    ]);
    expect(ids(talk)).toEqual(['a1', 'u2', 'a2']);
    talk.model({ type: 'item.deleted', itemId: 'u1' });
    expect(ids(talk)).toEqual(['a1', 'u2', 'a2']);
  });

  test('does not come back with words that arrive late', () => {
    const talk = talked().turn('u3');
    rewrite(talk, without('u3'));
    talk.model({ type: 'user.transcript.done', itemId: 'u3', text: 'too late' });
    expect(ids(talk)).not.toContain('u3');
  });

  test('and is being said falls silent first; the provider forgets it when it is done with it', () => {
    const talk = talked().turn('u3').say('r4', 'a3', 'one two three', 2000).rendered('a3', 500).forget();
    rewrite(talk, without('a3'));
    expect(talk.did('playback.clear')).toHaveLength(1);
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'r4' }]);
    expect(talk.sent('item.delete')).toEqual([]);
    talk.cleared(1, 'a3', 500).say('r4', 'a3', ' four', 100);
    talk.model({ type: 'response.done', responseId: 'r4', status: 'cancelled' });
    expect(talk.sent('item.truncate')).toEqual([]);
    expect(talk.sent('item.delete')).toMatchObject([{ itemId: 'a3' }]);
    expect(ids(talk)).toEqual(['u1', 'c1-item', 'a1', 'u2', 'a2', 'u3']);
  });

  test('and still runs is cancelled; where the provider keeps the call, it gets an answer', () => {
    const talk = talked().turn('u3').call('r4', 'c2').forget();
    rewrite(talk, without('c2-item'));
    expect(talk.did('tool.cancel')).toMatchObject([{ callId: 'c2' }]);
    expect(talk.sent('item.create')).toEqual([]);
    const keeper = talked({ deletesItems: false }).turn('u3').call('r4', 'c2').forget();
    rewrite(keeper, without('c2-item'));
    expect(keeper.sent('item.create')).toMatchObject([{ item: { kind: 'tool.output', callId: 'c2' } }]);
  });

  test('stays known to a provider that cannot delete, until the next connection', () => {
    const talk = talked({ deletesItems: false });
    rewrite(talk, without('u1', 'c1-item', 'a1'));
    expect(talk.sent('item.delete')).toEqual([]);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'history.kept' }]);
  });
});

describe('what the program writes', () => {
  test('is created in its place, also at the beginning', () => {
    const talk = talked();
    rewrite(talk, ([first, ...rest]) => [
      message('n1', 'Be kind', 'system'),
      ...(first === undefined ? [] : [first]),
      message('n2', 'And quick'),
      ...rest,
    ]);
    expect(ids(talk)).toEqual(['n1', 'u1', 'n2', 'c1-item', 'a1', 'u2', 'a2']);
    expect(talk.sent('item.create')).toMatchObject([
      { item: { role: 'system', text: 'Be kind' }, previousItemId: 'root' },
      { item: { role: 'user', text: 'And quick' }, previousItemId: 'u1' },
    ]);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.emitted('user.transcript.done')).toEqual([]);
  });

  test('in place of other words is deleted and created again, after the result of a call', () => {
    const talk = talked();
    rewrite(talk, (items) =>
      items.map((item) => (item.itemId === 'a1' ? message('a1', 'Rainy', 'assistant') : item)),
    );
    expect(talk.sent('item.delete')).toMatchObject([{ itemId: 'a1' }]);
    expect(talk.sent('item.create')).toMatchObject([
      {
        item: { role: 'assistant', text: 'Rainy' },
        previousItemId: expect.stringMatching(/^vt_result_/),
      },
    ]);
    expect(talk.emitted('history.updated')).toMatchObject([{ change: 'updated', index: 2 }]);
    // And may be written and removed again under the id it has now.
    talk.forget();
    rewrite(talk, without('a1'));
    expect(talk.sent('item.delete')).toMatchObject([{ itemId: expect.stringMatching(/^vt_replay_/) }]);
  });

  test('may move', () => {
    const talk = talked();
    rewrite(talk, (items) => [...items.filter(({ itemId }) => itemId !== 'u1'), message('u1', 'Weather?')]);
    expect(ids(talk)).toEqual(['c1-item', 'a1', 'u2', 'a2', 'u1']);
    expect(talk.sent('item.delete')).toMatchObject([{ itemId: 'u1' }]);
    expect(talk.sent('item.create')).toMatchObject([{ previousItemId: 'a2' }]);
  });

  test('and is the same as before changes nothing', () => {
    const talk = rewrite(talked(), (items) => structuredClone(items));
    expect(talk.effects).toEqual([]);
  });

  test('cannot be told everywhere', () => {
    const talk = talked({ replay: 'user' });
    rewrite(talk, (items) => [...items, message('n1', 'I said', 'assistant'), message('n2', 'You said')]);
    expect(talk.sent('item.create')).toMatchObject([{ item: { text: 'You said' } }]);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'history.kept' }]);
  });

  test('counts on the next connection, which is told of it as of everything else', () => {
    const talk = new ScriptedTalk({}, { transcription: {} }, { reconnects: true });
    talk
      .feed({ type: 'user.text', text: 'one' })
      .acknowledge()
      .answer('r1', 'a1', 'two', 10)
      .rendered('a1', 10);
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true }).forget();
    rewrite(talk, (items) => [...items.slice(0, 1), message('n', 'three', 'assistant')]);
    expect(talk.did('send')).toEqual([]);
    talk.feed({ type: 'link.restored' });
    talk.model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' });
    expect(talk.sent('item.create')).toMatchObject([{ item: { text: 'one' } }, { item: { text: 'three' } }]);
  });
});

describe('what the program may not write', () => {
  const call: HistoryItem = {
    kind: 'tool',
    itemId: 't',
    callId: 'c',
    name: 'weather',
    arguments: '{}',
    output: 'sun',
    state: 'done',
  };
  const present = [message('a', 'x'), call, message('b', 'y'), { ...call, itemId: 't2', callId: 'c2' }];

  test.each<[string, HistoryItem[], RegExp]>([
    ['a new call', [...present, { ...call, itemId: 'n' }], /Item 5 .* is a new function call \("weather"\)/],
    ['another result', [{ ...call, output: 'rain' }], /Item 1 .* changes the function call "weather"/],
    ['calls in another order', [...present].reverse(), /moves the function call/],
    [
      'an id twice',
      [message('a', 'x'), message('a', 'x')],
      /Item 2 .* the id "a", which an earlier item has, too/,
    ],
    ['no id', [message('', 'x')], /has no "itemId"/],
    ['a call as words', [message('t', 'x')], /changes its kind/],
  ])('%s', (_name, next, words) => {
    expect(() => checkReplacement(present, next)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        code: 'history.invalid',
        message: expect.stringMatching(words),
      }),
    );
    expect(() => checkReplacement(present, next)).toThrow(VoxtermError);
  });

  test('a role that does not exist, from a program without types', () => {
    const odd: HistoryItem[] = JSON.parse('[{"kind":"message","itemId":"q","role":"robot","text":"x"}]');
    expect(() => checkReplacement([], odd)).toThrow(/role "robot"/);
    const mute: HistoryItem[] = JSON.parse('[{"kind":"message","itemId":"q","role":"user"}]');
    expect(() => checkReplacement([], mute)).toThrow(/no "text"/);
  });

  test.each<[string, string, RegExp]>([
    ['no list', '5', /must be an array of history items/],
    ['a hole', '[null]', /Item 1 of the new history is not an object/],
  ])('%s, from a program without types', (_name, json, words) => {
    const odd: HistoryItem[] = JSON.parse(json);
    expect(() => checkReplacement([], odd)).toThrow(words);
  });
});
