import { describe, expect, it } from 'vitest';
import { ScriptedTalk } from '../support/scripted-talk.js';

const byHand = { turns: 'none', interruptsItself: false } as const;

function spoken(talk: ScriptedTalk): ScriptedTalk {
  return talk.feed({ type: 'user.speech' }, { type: 'user.commit' });
}

describe('where a commit need not be confirmed', () => {
  const start = () => new ScriptedTalk({ ...byHand, createAfterCommit: 'sent' });

  it('asks for the answer right behind the commit, once', () => {
    const talk = spoken(start());
    const order = talk.did('send').map(({ command }) => command.type);
    expect(order.slice(-2)).toEqual(['audio.commit', 'response.create']);
    talk.model({ type: 'input.committed', itemId: 'u1' }, { type: 'response.created', responseId: 'r1' });
    talk.answer('r1', 'a1', 'Hello.', 100).rendered('a1', 100).wait(20_000);
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.emitted('warning')).toEqual([]);
  });

  it('does not call an unconfirmed turn an empty one', () => {
    const talk = spoken(start()).model({ type: 'response.created', responseId: 'r1' });
    talk.wait(12_000);
    expect(talk.emitted('warning')).toEqual([]);
  });

  it('keeps the user speaking when an old confirmation comes late', () => {
    const talk = spoken(start()).feed({ type: 'user.speech' });
    talk.model({ type: 'input.committed', itemId: 'u1' });
    expect(talk.conversation.state).toBe('hearing');
  });

  it('drops an answer the user does not want any more', () => {
    const talk = spoken(start()).feed({ type: 'user.interrupt' });
    talk.model({ type: 'response.created', responseId: 'r1' });
    expect(talk.sent('response.cancel')).toHaveLength(1);
  });
});

describe('where an answer before the words would be one to nothing', () => {
  const start = () => new ScriptedTalk({ ...byHand, createAfterCommit: 'transcribed' });

  it('waits for the words', () => {
    const talk = spoken(start()).model({ type: 'input.committed', itemId: 'u1' }).wait(500);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.conversation.state).toBe('thinking');
    talk.model({ type: 'user.transcript.done', itemId: 'u1', text: 'What time is it?' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  it('waits until a transcript no longer grows, and looks at that of this turn only', () => {
    const talk = spoken(start()).model({ type: 'input.committed', itemId: 'u1' });
    talk.model({ type: 'user.transcript.updated', itemId: 'u0', text: 'before' });
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'user.transcript.updated', itemId: 'u1', text: 'What' }).wait(200);
    talk.model({ type: 'user.transcript.updated', itemId: 'u1', text: 'What time' }).wait(200);
    expect(talk.sent('response.create')).toEqual([]);
    talk.wait(100);
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  it('knows words that came before the confirmation', () => {
    const talk = spoken(start()).model({ type: 'user.transcript.done', itemId: 'u1', text: 'Hi.' });
    talk.model({ type: 'input.committed', itemId: 'u1' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  it.each([
    [
      'the words cannot be had',
      (talk: ScriptedTalk) =>
        talk.model({ type: 'user.transcript.failed', itemId: 'u1', message: 'no words' }),
    ],
    ['two seconds have passed', (talk: ScriptedTalk) => talk.wait(2000)],
  ])('asks all the same when %s', (_when, happens) => {
    const talk = spoken(start()).model({ type: 'input.committed', itemId: 'u1' });
    expect(talk.sent('response.create')).toEqual([]);
    happens(talk);
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  it('does not wait for a transcript that never stops growing', () => {
    const talk = spoken(start()).model({ type: 'input.committed', itemId: 'u1' });
    for (let n = 0; n < 20; n += 1)
      talk.model({ type: 'user.transcript.updated', itemId: 'u1', text: 'a'.repeat(n + 1) }).wait(100);
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  it('asks for nothing the user has called off', () => {
    const talk = spoken(start()).model({ type: 'input.committed', itemId: 'u1' });
    talk.feed({ type: 'user.interrupt' }).wait(3000);
    talk.model({ type: 'user.transcript.done', itemId: 'u1', text: 'Hi.' });
    expect(talk.sent('response.create')).toEqual([]);
  });

  it('lets the user finish when he speaks again before the words have come', () => {
    const talk = spoken(start()).model({ type: 'input.committed', itemId: 'u1' });
    talk.feed({ type: 'user.speech' });
    talk.model({ type: 'user.transcript.done', itemId: 'u1', text: 'Hi.' });
    expect(talk.sent('response.create')).toEqual([]);
    talk.feed({ type: 'user.commit' }).model({ type: 'input.committed', itemId: 'u2' });
    talk.model({ type: 'user.transcript.done', itemId: 'u2', text: 'There.' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });
});
