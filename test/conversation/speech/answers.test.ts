import { describe, expect, test } from 'vitest';
import { ScriptedTalk } from '../support/scripted-talk.js';

const words = 'one two three four five six seven eight nine ten';

function interruptedAt(heardMs: number, soundMs: number): ScriptedTalk {
  const talk = new ScriptedTalk().turn('u').answer('r', 'a', words, soundMs).rendered('a', heardMs).forget();
  return talk.model({ type: 'speech.started', itemId: 'u2' }).cleared(1, 'a', heardMs);
}

describe('truncation was wrong or rejected', () => {
  test.each([1, 40, 999, 1500, 1999])(
    'an answer of 2 s that was cut at %i ms is truncated there',
    (heardMs) => {
      const [truncate] = interruptedAt(heardMs, 2000).sent('item.truncate');
      expect(truncate).toMatchObject({ itemId: 'a', contentIndex: 0, audioEndMs: heardMs });
    },
  );

  test('never beyond the sound that was received, whatever the device claims', () => {
    const [truncate] = interruptedAt(5000, 2000).sent('item.truncate');
    expect(truncate).toBeUndefined();
    const unfinished = new ScriptedTalk().turn('u').say('r', 'a', words, 2000);
    unfinished.model({ type: 'speech.started', itemId: 'u2' }).cleared(1, 'a', 5000);
    expect(unfinished.sent('item.truncate')).toMatchObject([{ audioEndMs: 2000 }]);
  });

  test('an answer of which nothing was heard is deleted instead, once its response is over', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', words, 2000);
    talk.model({ type: 'speech.started', itemId: 'u2' }).cleared(1, 'a', 0);
    expect(talk.sent('item.delete')).toEqual([]);
    talk.model({ type: 'response.done', responseId: 'r', status: 'cancelled' });
    expect(talk.sent('item.truncate')).toEqual([]);
    expect(talk.sent('item.delete')).toMatchObject([{ itemId: 'a' }]);
    expect(talk.conversation.history.map(({ itemId }) => itemId)).toEqual(['u']);
  });

  test('an answer that was heard to its end is left alone', () => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'a', words, 2000).rendered('a', 2000).turn('u2');
    expect(talk.sent('item.truncate')).toEqual([]);
    expect(talk.did('playback.clear')).toEqual([]);
    expect(talk.conversation.history[1]).toMatchObject({ text: words, state: 'done', heardMs: 2000 });
  });

  test('once per item, even when the user interrupts twice before the player has answered', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', words, 2000).rendered('a', 700);
    talk.feed({ type: 'user.interrupt' }, { type: 'user.interrupt' });
    talk.turn('u2').cleared(1, 'a', 710).cleared(1, 'a', 900);
    expect(talk.sent('item.truncate')).toMatchObject([{ itemId: 'a', audioEndMs: 710 }]);
  });

  test('a refused truncation is nobody’s business', () => {
    const talk = interruptedAt(500, 2000);
    const eventId = talk.sent('item.truncate')[0]?.eventId;
    talk.forget().model({
      type: 'error',
      code: 'invalid_value',
      message: 'Audio content of 1960ms is already shorter than 2000ms',
      fatal: false,
      source: 'provider',
      eventId,
    });
    expect(talk.effects).toEqual([]);
  });

  test.each(['server', 'none'] as const)(
    'a provider that does not want it (%s) is not asked',
    (truncation) => {
      const talk = new ScriptedTalk({ truncation }).turn('u').say('r', 'a', words, 2000);
      talk.model({ type: 'speech.started', itemId: 'u2' }).cleared(1, 'a', 500);
      expect(talk.sent('item.truncate')).toEqual([]);
      expect(talk.conversation.history[1]).toMatchObject({ state: 'cut', heardMs: 500 });
    },
  );
});

describe('what remains of an interrupted answer', () => {
  test('the words that were heard, and for how long', () => {
    const talk = interruptedAt(1000, 2000);
    expect(talk.conversation.history[1]).toMatchObject({
      text: 'one two three four five',
      state: 'cut',
      heardMs: 1000,
    });
    expect(talk.emitted('playback.cleared')).toMatchObject([
      { itemId: 'a', heardMs: 1000, receivedMs: 2000 },
    ]);
  });

  test('no more than can have been said, when the words run far ahead of their sound', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', words, 500).rendered('a', 500);
    talk.model({ type: 'speech.started', itemId: 'u2' }).cleared(1, 'a', 500);
    expect(talk.conversation.history[1]).toMatchObject({ text: 'one two', heardMs: 500 });
  });

  test('read text as far as it came', () => {
    const talk = new ScriptedTalk().turn('u').model({
      type: 'text.delta',
      responseId: 'r',
      itemId: 'a',
      contentIndex: 0,
      delta: 'half a sen',
      spoken: false,
    });
    talk.feed({ type: 'user.interrupt' });
    expect(talk.conversation.history[1]).toMatchObject({ text: 'half a sen', state: 'cut' });
    expect(talk.emitted('assistant.text.done')).toMatchObject([{ text: 'half a sen', spoken: false }]);
  });

  test('nothing of what comes after the cut', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'so ', 2000).rendered('a', 1000);
    talk.model({ type: 'speech.started', itemId: 'u2' }).forget();
    talk.say('r', 'a', 'late', 500).say('r', 'b', 'later', 500);
    expect(talk.did('play')).toEqual([]);
    expect(talk.emitted('assistant.text.delta')).toEqual([]);
  });
});

test('several messages in one response are heard and remembered one by one', () => {
  const talk = new ScriptedTalk().turn('u').say('r', 'a', 'first', 400).say('r', 'b', 'second', 400);
  talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
  talk.rendered('a', 400).rendered('b', 100);
  talk.model({ type: 'speech.started', itemId: 'u2' }).cleared(1, 'b', 200);
  expect(talk.conversation.history).toMatchObject([
    { itemId: 'u' },
    { itemId: 'a', text: 'first', state: 'done' },
    { itemId: 'b', state: 'cut', heardMs: 200 },
  ]);
});

test('a user’s message keeps its words, even where the provider mixes up ids', () => {
  const talk = new ScriptedTalk().turn('u');
  talk.model({ type: 'user.transcript.done', itemId: 'u', text: 'mine' });
  talk.answer('r', 'u', 'not yours', 100).rendered('u', 100);
  expect(talk.conversation.history).toMatchObject([
    { itemId: 'u', role: 'user', text: 'mine', state: 'done' },
  ]);
});
