import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../src/contract/exit.js';
import type { Input } from '../../src/contract/inputs.js';
import type { Profile } from '../../src/contract/profile.js';
import { Conversation } from '../../src/conversation/conversation.js';
import { fullProfile } from './support/profiles.js';
import { ScriptedTalk } from './support/scripted-talk.js';

const quit: Input = { type: 'end', ending: { exitCode: ExitCode.ok, reason: 'quit' } };

function connecting(profile: Partial<Profile> = {}): Conversation {
  return new Conversation({
    profile: { ...fullProfile, ...profile },
    settings: { voice: 'ada' },
    watchEcho: false,
  });
}

describe('opening', () => {
  test('settings go out once, when the server has spoken; then the session is ready', () => {
    const conversation = connecting();
    expect(conversation.state).toBe('connecting');
    const created: Input = {
      type: 'model',
      event: { type: 'session.created', sessionId: 's', model: 'm-1' },
    };
    expect(conversation.handle(created, 0)).toMatchObject([
      { type: 'send', command: { type: 'session.update', settings: { voice: 'ada' } } },
    ]);
    expect(conversation.handle(created, 1)).toEqual([]);
    const updated: Input = {
      type: 'model',
      event: { type: 'session.updated', voice: 'eve', expiresAtMs: 5 },
    };
    expect(conversation.handle(updated, 2)).toMatchObject([
      {
        type: 'emit',
        event: { type: 'session.ready', model: 'm-1', voice: 'eve', sessionId: 's', expiresAt: 5 },
      },
    ]);
    expect(conversation.handle(updated, 3)).toEqual([]);
    expect(conversation.state).toBe('listening');
  });

  test('what the user does meanwhile is done as soon as it can be', () => {
    const conversation = connecting();
    conversation.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 0);
    expect(conversation.handle({ type: 'user.text', text: 'hello' }, 1)).toEqual([]);
    const effects = conversation.handle({ type: 'model', event: { type: 'session.updated' } }, 2);
    const sent = effects.flatMap((effect) => (effect.type === 'send' ? [effect.command.type] : []));
    expect(sent).toEqual(['item.create', 'response.create']);
  });

  test.each([
    'vt_settings_1',
    // Until then nothing else was sent that an error could be about.
    undefined,
  ])('refused settings are said, and the talk goes on with the server’s own (%s)', (eventId) => {
    const conversation = connecting();
    conversation.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 0);
    const refusal = {
      type: 'error',
      code: 'invalid_value',
      message: 'No such voice.',
      fatal: false,
      source: 'provider',
      eventId,
    } as const;
    const effects = conversation.handle({ type: 'model', event: refusal }, 1);
    expect(effects).toMatchObject([
      { event: { type: 'warning', code: 'settings.refused' } },
      { event: { type: 'session.ready' } },
    ]);
  });

  test('a server that waits for us gets the settings first, once, and is ready when it confirms them', () => {
    const conversation = connecting({ speaksFirst: 'client' });
    expect(conversation.handle({ type: 'link.up' }, 0)).toMatchObject([
      { type: 'send', command: { type: 'session.update', settings: { voice: 'ada' } } },
    ]);
    const created: Input = { type: 'model', event: { type: 'session.created', sessionId: 's' } };
    expect(conversation.handle(created, 1)).toEqual([]);
    expect(conversation.handle({ type: 'model', event: { type: 'session.updated' } }, 2)).toMatchObject([
      { event: { type: 'session.ready', sessionId: 's' } },
    ]);
  });

  test('one that confirms settings without having greeted gets them all the same, on every connection', () => {
    const conversation = connecting();
    const updated: Input = { type: 'model', event: { type: 'session.updated' } };
    const told = [{ type: 'send', command: { type: 'session.update' } }, { type: 'emit' }];
    conversation.handle({ type: 'link.up' }, 0);
    expect(conversation.handle(updated, 1)).toMatchObject(told);
    const ending = { exitCode: ExitCode.network, reason: 'link.lost' } as const;
    conversation.handle({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true }, 2);
    conversation.handle({ type: 'link.restored' }, 3);
    expect(conversation.handle(updated, 4)).toMatchObject(told);
  });

  test('such a server is not taken at its silence, nor does it go on with settings of its own', () => {
    const conversation = connecting({ speaksFirst: 'client' });
    conversation.handle({ type: 'link.up' }, 0);
    const event = { type: 'error', code: 'bad', message: 'Bad.', fatal: false, source: 'provider' } as const;
    conversation.handle({ type: 'model', event }, 1);
    conversation.handle({ type: 'tick' }, 15_000);
    expect(conversation.state).toBe('connecting');
  });

  test('where the server speaks first, nothing is sent before it has', () => {
    expect(connecting().handle({ type: 'link.up' }, 0)).toEqual([]);
  });

  test('a server that never confirms the settings is taken at its silence', () => {
    const conversation = connecting();
    conversation.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 0);
    expect(conversation.handle({ type: 'tick' }, 9900)).toEqual([]);
    expect(conversation.handle({ type: 'tick' }, 10_000)).toMatchObject([
      { event: { type: 'session.ready' } },
    ]);
  });
});

test('who has the floor is always plain to see', () => {
  const talk = new ScriptedTalk();
  const states = [talk.conversation.state];
  const see = () => states.push(talk.conversation.state);
  talk.model({ type: 'speech.started', itemId: 'u' });
  see();
  talk.model({ type: 'speech.stopped', itemId: 'u' }, { type: 'input.committed', itemId: 'u' });
  see();
  talk.answer('r', 'a', 'hello', 500);
  see();
  talk.rendered('a', 500);
  see();
  talk.feed(quit);
  see();
  expect(states).toEqual(['listening', 'hearing', 'thinking', 'speaking', 'listening', 'ended']);
});

describe('it stayed "speaking" or "thinking" for ever', () => {
  test('when the server never answers what it was asked for', () => {
    const talk = new ScriptedTalk().feed({ type: 'user.text', text: 'hello' }).wait(14_900);
    expect(talk.conversation.state).toBe('thinking');
    expect(talk.wait(200).conversation.state).toBe('listening');
    expect(talk.emitted('warning')).toMatchObject([{ code: 'response.missing' }]);
  });

  test('when an answer stops in the middle', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'well', 100).rendered('a', 100).wait(46_000);
    expect(talk.conversation.state).toBe('listening');
    expect(talk.emitted('warning')).toMatchObject([{ code: 'response.stalled' }]);
    expect(talk.emitted('response.done')).toMatchObject([{ status: 'incomplete', reason: 'stalled' }]);
    expect(talk.conversation.history[1]).toMatchObject({ text: 'well', state: 'done' });
  });

  test('when the server cancels by itself and never says that it has', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'well', 100).wait(1000);
    talk.model({ type: 'speech.started' }, { type: 'input.cleared' }).wait(3100);
    expect(talk.conversation.state).toBe('listening');
    expect(talk.emitted('response.done')).toMatchObject([{ responseId: 'r', status: 'cancelled' }]);
  });

  test('when the loudspeaker is unplugged in the middle of an answer', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'one two three four', 2000).rendered('a', 1000);
    talk.feed({ type: 'device.lost', message: 'unplugged' }).cleared(1, 'a', 1000);
    expect(talk.conversation.history[1]).toMatchObject({ state: 'cut', heardMs: 1000 });
    expect(talk.sent('response.cancel')).toHaveLength(1);
    talk.model({ type: 'response.done', responseId: 'r', status: 'cancelled' });
    expect(talk.conversation.state).toBe('listening');
  });

  test('when the loudspeaker stops without a word in the middle of an answer', () => {
    const talk = new ScriptedTalk()
      .turn('u')
      .answer('r', 'a', 'one two three four', 2000)
      .rendered('a', 1000);
    expect(talk.wait(9000).conversation.state).toBe('speaking');
    talk.wait(2500);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'playback.stuck' }]);
    expect(talk.conversation.state).toBe('listening');
    expect(talk.did('playback.clear')).toHaveLength(1);
    expect(talk.conversation.history[1]).toMatchObject({ text: 'one two', state: 'cut', heardMs: 1000 });
  });

  test('a long answer that plays well is not mistaken for that', () => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'a', 'long', 30_000);
    for (let heardMs = 1000; heardMs < 30_000; heardMs += 1000) talk.wait(1000).rendered('a', heardMs);
    expect(talk.conversation.state).toBe('speaking');
    expect(talk.did('playback.clear')).toEqual([]);
  });
});

describe('leaving', () => {
  test('settles everything, in order, and nothing comes after it', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'one two three four', 2000).call('r', 'c');
    talk.rendered('a', 1000).forget().feed(quit);
    const last = talk.effects.at(-1);
    expect(last).toMatchObject({ type: 'end', ending: { reason: 'quit' } });
    expect(talk.did('tool.cancel')).toMatchObject([{ callId: 'c' }]);
    expect(talk.emitted('response.done')).toMatchObject([{ responseId: 'r', status: 'cancelled' }]);
    expect(talk.conversation.history).toMatchObject([
      { itemId: 'u', state: 'untranscribed' },
      { itemId: 'a', text: 'one two', state: 'cut', heardMs: 1000 },
      { callId: 'c', state: 'cancelled' },
    ]);
    talk.forget().feed(quit).turn('u2').result('c').wait(1000);
    expect(talk.effects).toEqual([]);
  });

  test('a lost link with an answer still playing is the end, and history holds what was heard', () => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'a', 'one two three four', 2000).rendered('a', 500);
    const ending = { exitCode: ExitCode.network, reason: 'link.lost' };
    talk.feed({ type: 'link.lost', code: 1006, reason: 'gone', ending });
    expect(talk.emitted('link.lost')).toMatchObject([{ code: 1006, reason: 'gone' }]);
    expect(talk.did('end')).toMatchObject([{ ending }]);
    expect(talk.conversation.history[1]).toMatchObject({ text: 'one', state: 'cut', heardMs: 500 });
  });
});

test('a clock that breaks or runs backwards harms nobody', () => {
  const conversation = connecting();
  conversation.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 5000);
  for (const nowMs of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0]) {
    expect(conversation.handle({ type: 'tick' }, nowMs)).toEqual([]);
  }
  expect(conversation.handle({ type: 'tick' }, 15_000)).toMatchObject([{ event: { type: 'session.ready' } }]);
});

describe('nobody knew whether more sound would come', () => {
  const part = { responseId: 'r', itemId: 'a', contentIndex: 0 };
  const done = { type: 'assistant.audio.done', ...part };

  test('the end of a part says how much there was of it, once', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'Hello.', 250).say('r', 'a', ' You.', 250);
    expect(talk.emitted('assistant.audio.done')).toEqual([]);
    talk.model(
      { type: 'audio.done', ...part },
      { type: 'response.done', responseId: 'r', status: 'completed' },
    );
    expect(talk.emitted('assistant.audio.done')).toEqual([{ ...done, receivedMs: 500 }]);
  });

  test('so does the end of a response that forgot to say it', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'Hello.', 250);
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    expect(talk.emitted('assistant.audio.done')).toEqual([{ ...done, receivedMs: 250 }]);
  });

  test('and an interruption, after which no more is taken', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'Hello.', 250).feed({ type: 'user.interrupt' });
    talk.say('r', 'a', ' You.', 250).model({ type: 'audio.done', ...part });
    expect(talk.emitted('assistant.audio.done')).toEqual([{ ...done, receivedMs: 250 }]);
  });
});

test('a server that waited in vain for the user says so', () => {
  const talk = new ScriptedTalk().model({ type: 'input.timeout', itemId: 'i' }, { type: 'input.timeout' });
  expect(talk.emitted('input.timeout')).toEqual([
    { type: 'input.timeout', itemId: 'i' },
    { type: 'input.timeout' },
  ]);
});

test('a talk of twenty thousand turns keeps nothing but its history', () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  const heapBytes = () => {
    if (typeof collect === 'function') collect();
    return process.memoryUsage().heapUsed;
  };
  const talk = new ScriptedTalk();
  const turns = (from: number, to: number) => {
    for (let turn = from; turn < to; turn += 1) {
      talk.turn(`u${turn}`).model({ type: 'user.transcript.done', itemId: `u${turn}`, text: 'so' });
      talk.say(`r${turn}`, `a${turn}`, 'well ', 1).call(`r${turn}`, `c${turn}`);
      talk.model({ type: 'response.done', responseId: `r${turn}`, status: 'completed' }).result(`c${turn}`);
      talk.answer(`s${turn}`, `b${turn}`, 'then', 1).rendered(`b${turn}`, 1);
      talk.feed({ type: 'user.text', text: 'stop' }).answer(`t${turn}`, `d${turn}`, 'yes', 1).wait(1000);
      talk.feed({ type: 'user.interrupt' }).wait(1000).rendered(`d${turn}`, 1);
      // The server forgets old items, so that only the heart's own memory can grow.
      for (const { itemId } of [...talk.conversation.history]) talk.model({ type: 'item.deleted', itemId });
      talk.forget();
    }
  };
  turns(0, 2000);
  const before = heapBytes();
  turns(2000, 20_000);
  expect(talk.conversation.history).toEqual([]);
  expect(heapBytes() - before).toBeLessThan(1_000_000);
});
