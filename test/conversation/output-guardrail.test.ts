import { describe, expect, test } from 'vitest';
import type { Profile } from '../../src/contract/profile.js';
import { ScriptedTalk } from './support/scripted-talk.js';

function trip(talk: ScriptedTalk, responseId: string): ScriptedTalk {
  return talk.feed({
    type: 'guardrail.tripped',
    guardrail: 'no prices',
    responseId,
    message: 'named a price',
    feedback: 'Do not name prices.',
  });
}

function answering(profile: Partial<Profile> = {}): ScriptedTalk {
  return new ScriptedTalk(profile).turn('u').say('r', 'a', 'It costs ten', 2000).rendered('a', 500).forget();
}

function told(talk: ScriptedTalk) {
  return talk.sent('item.create').map(({ item }) => (item.kind === 'message' ? [item.role, item.text] : []));
}

describe('words that must not be said were said', () => {
  test('an answer under way is cancelled and falls silent, also where the server stops by itself', () => {
    const talk = trip(answering({ interruptsItself: true }), 'r');
    expect(talk.emitted('guardrail.tripped')).toMatchObject([{ responseId: 'r', guardrail: 'no prices' }]);
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'r' }]);
    expect(talk.did('playback.clear')).toHaveLength(1);
    talk.forget().say('r', 'a', ' euros', 500);
    expect(talk.effects).toEqual([]);
  });

  test('an answer that is complete but still sounds is cut where the sound ended', () => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'a', 'It costs ten euros and more', 2000);
    talk.rendered('a', 500).forget();
    trip(talk, 'r').cleared(1, 'a', 600);
    expect(talk.sent('response.cancel')).toEqual([]);
    expect(talk.sent('item.truncate')).toMatchObject([{ itemId: 'a', audioEndMs: 600 }]);
    expect(talk.conversation.history[1]).toMatchObject({ state: 'cut', heardMs: 600 });
  });

  test('where nothing is to be told, the model falls silent and is asked for nothing', () => {
    const talk = answering().feed({
      type: 'guardrail.tripped',
      guardrail: 'no prices',
      responseId: 'r',
      message: 'named a price again',
      feedback: undefined,
    });
    expect(talk.did('playback.clear')).toHaveLength(1);
    talk.model({ type: 'response.done', responseId: 'r', status: 'cancelled' }).wait(60_000);
    expect(talk.emitted('guardrail.tripped')).toHaveLength(1);
    expect(told(talk)).toEqual([]);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('the model is told why, once, and answers renewed', () => {
    const talk = trip(trip(answering(), 'r'), 'r');
    expect(told(talk)).toEqual([['system', 'Do not name prices.']]);
    expect(talk.emitted('guardrail.tripped')).toHaveLength(1);
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'response.done', responseId: 'r', status: 'cancelled' });
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.conversation.history.at(-1)).toMatchObject({ role: 'system', text: 'Do not name prices.' });
  });

  test('without items it is told in the instructions, and what was in them stays', () => {
    const talk = new ScriptedTalk({ typedText: false }, { instructions: 'Be kind.' });
    trip(talk.turn('u').say('r', 'a', 'It costs', 500), 'r');
    expect(talk.sent('session.update')).toMatchObject([
      { settings: { instructions: 'Be kind.\n\nDo not name prices.' } },
    ]);
  });

  test('where there is no way to tell it, that is said', () => {
    const talk = trip(answering({ typedText: false, settingsChange: 'never' }), 'r');
    expect(talk.emitted('warning')).toMatchObject([{ code: 'guardrail.untold' }]);
    expect(told(talk)).toEqual([]);
  });

  test('what was begun after these words goes with them', () => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'a', 'It costs ten euros', 2000);
    talk.model({ type: 'response.created', responseId: 'r2' }).say('r2', 'b', 'Anything else?', 500);
    trip(talk, 'r');
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'r2' }]);
    expect(talk.forget().say('r2', 'b', ' Well?', 500).did('play')).toEqual([]);
  });

  test('calls of the stopped answer are refused for the right reason', () => {
    const talk = trip(answering(), 'r').call('r', 'c');
    expect(talk.did('tool.run')).toEqual([]);
    expect(talk.emitted('tool.cancelled')).toMatchObject([{ reason: 'a guardrail stopped the answer' }]);
  });
});

describe('a guardrail talked over the user', () => {
  test('no answer is asked for while he has the floor', () => {
    const talk = answering();
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    trip(talk.model({ type: 'speech.started', itemId: 'u2' }).forget(), 'r').wait(3000);
    expect(told(talk)).toHaveLength(1);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('nor of an answer that he has interrupted himself', () => {
    const talk = answering();
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    trip(talk.feed({ type: 'user.interrupt' }).forget(), 'r').wait(3000);
    expect(told(talk)).toHaveLength(1);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('nor of one that nobody remembers', () => {
    const talk = trip(trip(new ScriptedTalk(), 'unknown'), 'unknown').wait(3000);
    expect(talk.emitted('guardrail.tripped')).toHaveLength(1);
    expect(told(talk)).toHaveLength(1);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('a verdict that comes when all has been heard is still made good', () => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'a', 'Ten euros', 500).rendered('a', 500).forget();
    expect(trip(talk, 'r').sent('response.create')).toHaveLength(1);
    expect(talk.did('playback.clear')).toEqual([]);
  });
});

describe('a guardrail and a lost connection', () => {
  const ending = { exitCode: 6, reason: 'link.lost' } as const;

  test('the next connection is told, after all that was said', () => {
    const talk = new ScriptedTalk({}, {}, { reconnects: true }).turn('u').answer('r', 'a', 'Ten euros', 900);
    talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    trip(talk, 'r').cleared(1, 'a', 300).forget();
    talk.feed({ type: 'link.restored' });
    talk.model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' });
    expect(told(talk).at(-1)).toEqual(['system', 'Do not name prices.']);
    expect(told(talk).filter(([role]) => role === 'system')).toHaveLength(1);
  });

  test('an answer of the same name on the next connection is another one', () => {
    const talk = trip(
      new ScriptedTalk({}, {}, { reconnects: true }).turn('u').say('r', 'a', 'Ten', 500),
      'r',
    );
    talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    talk.feed({ type: 'link.restored' });
    talk.model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' }).forget();
    expect(talk.say('r', 'b', 'Hello.', 500).did('play')).toHaveLength(1);
    expect(trip(talk, 'r').did('playback.clear')).toEqual([]);
    expect(trip(talk, 'r~2').did('playback.clear')).toHaveLength(1);
  });
});
