import { describe, expect, test } from 'vitest';
import type { SessionSettings } from '../../src/contract/settings.js';
import { ScriptedTalk } from '../conversation/support/scripted-talk.js';

const told = { turnChoices: ['createResponse', 'interruptResponse'] } as const;

function talking(turns: { createResponse?: boolean; interruptResponse?: boolean }, profile: object = told) {
  const settings: SessionSettings = { transcription: {}, turnDetection: { type: 'server', ...turns } };
  return new ScriptedTalk(profile, settings);
}

describe('a server that was told not to answer turns', () => {
  test('is not waited for, and an answer is asked for when the program wants one', () => {
    const talk = talking({ createResponse: false }).turn('u').wait(20_000);
    expect(talk.conversation.state).toBe('listening');
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.emitted('warning')).toEqual([]);
    talk.feed({ type: 'answer.wanted' });
    expect(talk.sent('response.create')).toHaveLength(1);
    talk.model({ type: 'response.created', responseId: 'r' }).answer('r', 'a', 'yes', 100).rendered('a', 100);
    expect(talk.wait(20_000).sent('response.create')).toHaveLength(1);
    expect(talk.conversation.history).toMatchObject([{ itemId: 'u' }, { itemId: 'a', text: 'yes' }]);
  });

  test('still is interrupted by speech, and the program’s wish waits for its end', () => {
    const talk = talking({ createResponse: false }).say('r', 'a', 'one', 400).rendered('a', 100);
    talk.model({ type: 'speech.started', itemId: 'u' });
    expect(talk.did('playback.clear')).toHaveLength(1);
    talk.feed({ type: 'answer.wanted' });
    talk.model({ type: 'response.done', responseId: 'r', status: 'cancelled' });
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'speech.stopped', itemId: 'u' }, { type: 'input.committed', itemId: 'u' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('is waited for as ever where it cannot be told', () => {
    const talk = talking({ createResponse: false }, {}).turn('u');
    expect(talk.conversation.state).toBe('thinking');
  });

  test('answers again as soon as it is told to', () => {
    const talk = talking({ createResponse: false });
    talk.feed({
      type: 'settings.changed',
      settings: { transcription: {}, turnDetection: { type: 'server' } },
    });
    expect(talk.turn('u').conversation.state).toBe('thinking');
  });
});

describe('a server that was told to talk on', () => {
  test('is neither silenced nor cancelled by speech', () => {
    const talk = talking({ interruptResponse: false }).say('r', 'a', 'one', 400).rendered('a', 100);
    talk.model({ type: 'speech.started', itemId: 'u' }).say('r', 'a', ' two', 400);
    expect(talk.did('playback.clear')).toEqual([]);
    expect(talk.sent('response.cancel')).toEqual([]);
    expect(talk.did('play')).toHaveLength(2);
    expect(talk.emitted('speech.started')).toHaveLength(1);
  });

  test('does not come back to a turn that came too early for it: we ask, once its answer is over', () => {
    const talk = talking({ interruptResponse: false }).say('r', 'a', 'one', 400).turn('u');
    expect(talk.sent('response.create')).toEqual([]);
    talk.answer('r', 'a', '', 0);
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.wait(5000).emitted('warning')).toEqual([]);
  });

  test('answers by itself a turn for which it had the time', () => {
    const talk = talking({ interruptResponse: false }).turn('u');
    talk.model({ type: 'response.created', responseId: 'r' }).answer('r', 'a', 'yes', 100).rendered('a', 100);
    expect(talk.wait(20_000).sent('response.create')).toEqual([]);
  });

  test('still falls silent when it is told by hand', () => {
    const talk = talking({ interruptResponse: false }).say('r', 'a', 'one', 400).rendered('a', 100);
    talk.feed({ type: 'user.interrupt' });
    expect(talk.did('playback.clear')).toHaveLength(1);
    expect(talk.sent('response.cancel')).toHaveLength(1);
  });
});

describe('an answer that the program asks for', () => {
  test('may be the first thing that is said', () => {
    const talk = new ScriptedTalk().feed({ type: 'answer.wanted' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('is one with the answer that the server gives anyway', () => {
    const talk = new ScriptedTalk().turn('u').feed({ type: 'answer.wanted' });
    talk.model({ type: 'response.created', responseId: 'r' }).answer('r', 'a', 'yes', 100).rendered('a', 100);
    expect(talk.wait(20_000).sent('response.create')).toEqual([]);
  });
});
