import { describe, expect, test } from 'vitest';
import type { Profile } from '../../src/contract/profile.js';
import type { SessionSettings } from '../../src/contract/settings.js';
import { ScriptedTalk } from './support/scripted-talk.js';

const tools = [{ name: 'weather', description: 'Tells the weather.', parameters: {} }];
const greeter: SessionSettings = { transcription: {}, instructions: 'You greet.', tools };
const fixed = { settingsChange: 'never' } as const;
const ending = { exitCode: 6, reason: 'link.lost' } as const;

function greeting(profile: Partial<Profile> = {}, settings = greeter): ScriptedTalk {
  const more = { agent: 'greeter', reconnects: true };
  return new ScriptedTalk({ ...fixed, ...profile }, settings, more);
}

/** The user has said something, and the old agent is answering it when its calls come to their ends. */
function answering(profile: Partial<Profile> = {}, settings = greeter): ScriptedTalk {
  return greeting(profile, settings)
    .turn('u')
    .model({ type: 'user.transcript.done', itemId: 'u', text: 'My bill, please.' })
    .say('r', 'a', 'One moment.', 500)
    .call('r', 'c1', 'c2');
}

function settingsOf(agent: string): SessionSettings {
  return { transcription: {}, instructions: `You are ${agent}.` };
}

function handOver(talk: ScriptedTalk, callId: string, to: string, from = 'greeter'): ScriptedTalk {
  const handoff = { from, to, settings: settingsOf(to) };
  const outcome = { kind: 'finished', output: `${to} takes over`, durationMs: 1, handoff } as const;
  return talk.feed({ type: 'tool.ended', callId, outcome });
}

function over(talk: ScriptedTalk): ScriptedTalk {
  return talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
}

function restored(talk: ScriptedTalk): ScriptedTalk {
  return talk
    .feed({ type: 'link.restored' })
    .model({ type: 'session.created', sessionId: 'another' }, { type: 'session.updated' });
}

/** Whom the new connection was told to be. */
function told(talk: ScriptedTalk): (string | undefined)[] {
  return talk.sent('session.update').map(({ settings }) => settings.instructions);
}

function call(talk: ScriptedTalk, callId: string): unknown {
  return talk.conversation.history.find((item) => item.kind === 'tool' && item.callId === callId);
}

describe('while a transfer waits for the end of an answer', () => {
  test('a second one follows on the same new connection, and has the last word', () => {
    const talk = handOver(handOver(answering(), 'c1', 'billing'), 'c2', 'support', 'billing');
    over(talk);
    expect(talk.did('reconnect')).toHaveLength(1);
    expect(talk.emitted('link.lost')).toHaveLength(1);
    expect(talk.emitted('agent.handoff').map(({ to }) => to)).toEqual(['billing', 'support']);
    restored(talk);
    expect(told(talk)).toEqual(['You are support.']);
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.did('reconnect')).toHaveLength(1);
  });

  test('one of a call that belongs to no answer any more does not overtake it', () => {
    const talk = handOver(handOver(answering(), 'c1', 'billing'), 'gone', 'support', 'billing');
    expect(talk.did('reconnect')).toEqual([]);
    expect(told(restored(over(talk)))).toEqual(['You are support.']);
  });

  test('what the program changes then is not undone by it', () => {
    const talk = handOver(answering(), 'c1', 'billing');
    const agent = { from: 'billing', to: 'support' };
    talk.feed({ type: 'settings.changed', settings: settingsOf('support'), agent });
    expect(talk.emitted('agent.handoff')).toEqual([]);
    restored(over(talk));
    expect(talk.emitted('agent.handoff').map(({ to }) => to)).toEqual(['billing', 'support']);
    expect(told(talk)).toEqual(['You are support.']);
  });

  test('the next connection of a broken line begins with it, and knows its result', () => {
    const talk = handOver(answering().result('c2'), 'c1', 'billing');
    talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    expect(talk.did('reconnect')).toEqual([]);
    expect(call(talk, 'c1')).toMatchObject({ state: 'done', output: 'billing takes over' });
    restored(talk.forget());
    expect(told(talk)).toEqual(['You are billing.']);
    expect(talk.did('reconnect')).toEqual([]);
    const outputs = talk.sent('item.create').filter(({ item }) => item.kind === 'tool.output');
    expect(outputs).toHaveLength(2);
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('the end of the session leaves it undone, and its call is not owed an answer', () => {
    const talk = handOver(answering(), 'c1', 'billing');
    talk.feed({ type: 'end', ending: { exitCode: 0, reason: 'quit' } });
    expect(call(talk, 'c1')).toMatchObject({ state: 'cancelled' });
    expect(talk.emitted('agent.handoff')).toEqual([]);
    expect(talk.emitted('session.ended')).toHaveLength(1);
  });

  test('a guardrail that stops the answer lets it go on, and the new agent speaks', () => {
    const talk = handOver(answering(), 'c1', 'billing');
    const trip = { guardrail: 'g', responseId: 'r', message: 'said it', feedback: 'Do not.' } as const;
    talk.feed({ type: 'guardrail.tripped', ...trip });
    expect(talk.did('reconnect')).toHaveLength(1);
    restored(talk);
    expect(told(talk)).toEqual(['You are billing.']);
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('a call that the model takes back does not cut its answer short', () => {
    const talk = handOver(answering(), 'c1', 'billing');
    talk.model({ type: 'tool.call.cancelled', callIds: ['c1'] });
    expect(talk.did('reconnect')).toEqual([]);
    over(talk);
    expect(talk.did('reconnect')).toHaveLength(1);
    expect(talk.emitted('agent.handoff')).toHaveLength(1);
  });

  test('it takes place once although the session is as long as it may be', () => {
    const more = { agent: 'greeter', reconnects: true, limits: { maxTurns: 1 } };
    const talk = new ScriptedTalk(fixed, greeter, more).turn('u');
    talk.model({ type: 'user.transcript.done', itemId: 'u', text: 'My bill, please.' });
    talk.say('r', 'a', 'One moment.', 500).rendered('a', 500).call('r', 'c1');
    restored(over(handOver(talk, 'c1', 'billing')));
    expect(talk.emitted('session.ended')).toEqual([]);
    talk.answer('r', 'b', 'Hello.', 100).rendered('b', 100);
    expect(talk.emitted('session.ended')).toMatchObject([{ reason: 'limit.turns' }]);
  });

  test('it does not wait where the next agent is told the same', () => {
    const talk = answering({}, settingsOf('billing'));
    handOver(talk, 'c1', 'billing');
    expect(talk.emitted('tool.finished')).toHaveLength(1);
  });
});

test('a transfer that ends while there is no connection needs no second one', () => {
  const talk = over(answering().result('c2'));
  talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
  restored(handOver(talk, 'c1', 'billing').forget());
  expect(told(talk)).toEqual(['You are billing.']);
  expect(talk.did('reconnect')).toEqual([]);
  expect(talk.sent('response.create')).toHaveLength(1);
});

test('two that end while connections fail take effect in their order', () => {
  const talk = over(answering());
  talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
  talk.feed({ type: 'link.restored' }).model({ type: 'session.created', sessionId: 'second' });
  handOver(talk, 'c1', 'billing');
  talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
  handOver(talk, 'c2', 'support', 'billing').forget();
  expect(told(restored(talk))).toEqual(['You are support.']);
});

describe('while the user speaks to a server that ends his turns', () => {
  /** He speaks when the call that hands over comes to its end. */
  function speaking(settings = greeter): ScriptedTalk {
    const talk = over(answering({}, settings)).result('c2').rendered('a', 500);
    talk.model({ type: 'speech.started', itemId: 'v' });
    return handOver(talk, 'c1', 'billing').forget();
  }

  test('what he says is not lost: the new agent answers it when its words are known', () => {
    const talk = speaking().wait(9000);
    talk.model({ type: 'speech.stopped', itemId: 'v' }, { type: 'input.committed', itemId: 'v' });
    expect(talk.did('reconnect')).toEqual([]);
    talk.model({ type: 'user.transcript.done', itemId: 'v', text: 'Of last month.' });
    expect(talk.did('reconnect')).toHaveLength(1);
    restored(talk);
    const messages = talk.sent('item.create').map(({ item }) => (item.kind === 'message' ? item.text : ''));
    expect(messages).toContain('Of last month.');
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.emitted('warning')).toEqual([]);
  });

  test('or the old one, when the server is faster; then he is heard out', () => {
    const talk = speaking({ ...greeter, transcription: undefined });
    talk.model({ type: 'speech.stopped', itemId: 'v' }, { type: 'input.committed', itemId: 'v' });
    talk.wait(500).say('r2', 'b', 'Of which month?', 500).wait(2900);
    expect(talk.did('reconnect')).toEqual([]);
    talk.model({ type: 'response.done', responseId: 'r2', status: 'completed' });
    expect(talk.did('reconnect')).toHaveLength(1);
    expect(talk.emitted('warning')).toEqual([]);
  });

  test('a cough is waited for no longer than it takes', () => {
    const talk = speaking().model({ type: 'speech.stopped', itemId: 'v' }).wait(2100);
    expect(talk.did('reconnect')).toHaveLength(1);
  });

  test('speech whose end nobody tells keeps the new agent waiting for half a minute', () => {
    const talk = speaking().wait(29_900);
    expect(talk.did('reconnect')).toEqual([]);
    expect(talk.wait(200).did('reconnect')).toHaveLength(1);
  });

  test('a turn that is ours to end is sent again, and nothing waits for it', () => {
    const client = { ...greeter, turnDetection: { type: 'client' } } as const;
    const talk = over(answering({}, client)).result('c2').rendered('a', 500);
    talk.feed({ type: 'user.speech' });
    expect(handOver(talk, 'c1', 'billing').did('reconnect')).toHaveLength(1);
  });

  test('settings of the program wait for him, too', () => {
    const talk = over(answering()).result('c1').result('c2');
    talk.feed({ type: 'settings.changed', settings: settingsOf('support') }).wait(9900);
    talk.model({ type: 'speech.started', itemId: 'v' }).wait(5000);
    expect(talk.did('reconnect')).toEqual([]);
    talk.model({ type: 'speech.stopped', itemId: 'v' }, { type: 'input.committed', itemId: 'v' });
    talk.model({ type: 'user.transcript.done', itemId: 'v', text: 'Wait.' });
    expect(talk.did('reconnect')).toHaveLength(1);
    expect(talk.emitted('warning').map(({ code }) => code)).not.toContain('speech.lost');
  });
});
