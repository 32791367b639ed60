import { describe, expect, test } from 'vitest';
import type { Profile } from '../../src/contract/profile.js';
import type { SessionSettings } from '../../src/contract/settings.js';
import type { ConversationOptions } from '../../src/conversation/conversation.js';
import { ScriptedTalk } from './support/scripted-talk.js';

const greeter: SessionSettings = {
  transcription: {},
  instructions: 'You greet.',
  voice: 'ada',
  tools: [{ name: 'transfer_to_billing', description: 'Hands over.', parameters: {} }],
};
const billing: SessionSettings = { transcription: {}, instructions: 'You bill.', voice: 'ada', tools: [] };

function greeting(profile: Partial<Profile> = {}, more: Partial<ConversationOptions> = {}): ScriptedTalk {
  return new ScriptedTalk(profile, greeter, { agent: 'greeter', reconnects: true, ...more });
}

function handOver(talk: ScriptedTalk, callId: string, settings = billing): ScriptedTalk {
  const handoff = { from: 'greeter', to: 'billing', settings };
  const outcome = { kind: 'finished', output: 'billing takes over', durationMs: 1, handoff } as const;
  return talk.feed({ type: 'tool.ended', callId, outcome });
}

/** A new connection is there and has taken the settings. */
function restored(talk: ScriptedTalk): ScriptedTalk {
  return talk
    .feed({ type: 'link.restored' })
    .model({ type: 'session.created', sessionId: 'another' }, { type: 'session.updated' });
}

function order(talk: ScriptedTalk): string[] {
  return talk.effects.flatMap((effect) => {
    if (effect.type !== 'send') return [];
    return [effect.command.type === 'item.create' ? effect.command.item.kind : effect.command.type];
  });
}

describe('the model answered as the wrong agent', () => {
  test('it is told who it is before it reads the answer to the call, and speaks after both', () => {
    const talk = greeting().turn('u').call('r', 'c');
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' }).forget();
    handOver(talk, 'c');
    expect(order(talk)).toEqual(['session.update', 'tool.output', 'response.create']);
    expect(talk.sent('session.update')).toMatchObject([
      { settings: { instructions: 'You bill.', tools: [] } },
    ]);
    expect(talk.emitted('agent.handoff')).toEqual([
      { type: 'agent.handoff', from: 'greeter', to: 'billing' },
    ]);
  });

  test('parallel calls are followed by one answer, whichever of them hands over', () => {
    const talk = greeting().turn('u').call('r', 'c1', 'c2');
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' }).forget();
    handOver(talk, 'c1');
    expect(order(talk)).toEqual(['session.update', 'tool.output']);
    talk.result('c2');
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('what the old agent had and the new one has not is taken back', () => {
    const talk = greeting().turn('u').call('r', 'c').forget();
    handOver(talk, 'c', { transcription: {} });
    expect(talk.sent('session.update')).toMatchObject([{ settings: { instructions: '', tools: [] } }]);
  });

  test('a transfer whose call is over already takes place all the same', () => {
    const talk = greeting().turn('u').call('r', 'c');
    talk.model({ type: 'tool.call.cancelled', callIds: ['c'] }).forget();
    handOver(talk, 'c');
    expect(order(talk)).toEqual(['session.update']);
    expect(talk.emitted('agent.handoff')).toHaveLength(1);
  });

  test('every answer says whose it is, also when it ends after the handoff', () => {
    const talk = greeting().turn('u').call('r', 'c');
    handOver(talk, 'c').model({ type: 'response.done', responseId: 'r', status: 'completed' });
    talk.model({ type: 'response.created', responseId: 'r2' });
    expect(talk.emitted('response.started')).toMatchObject([{ agent: 'greeter' }, { agent: 'billing' }]);
    expect(talk.emitted('response.done')).toMatchObject([{ responseId: 'r', agent: 'greeter' }]);
  });
});

describe('a voice that cannot change any more', () => {
  const other = { ...billing, voice: 'bob' };

  test('is left out once it has been heard, and that is said once', () => {
    const talk = greeting({ voiceChange: 'beforeAudio' }).turn('u').say('r', 'a', 'One moment.', 500);
    talk.call('r', 'c1', 'c2').forget();
    handOver(handOver(talk, 'c1', other), 'c2', other);
    expect(talk.sent('session.update').map(({ settings }) => settings.voice)).toEqual([undefined, undefined]);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'voice.kept' }]);
  });

  test('still changes before the first sound, and where the provider has no such rule', () => {
    const silent = greeting({ voiceChange: 'beforeAudio' }).turn('u').call('r', 'c').forget();
    expect(handOver(silent, 'c', other).sent('session.update')).toMatchObject([
      { settings: { voice: 'bob' } },
    ]);
    const free = greeting().turn('u').say('r', 'a', 'One moment.', 500).call('r', 'c').forget();
    expect(handOver(free, 'c', other).sent('session.update')).toMatchObject([{ settings: { voice: 'bob' } }]);
  });

  test('counts on the next connection', () => {
    const talk = greeting({ voiceChange: 'beforeAudio' }).turn('u').say('r', 'a', 'One moment.', 500);
    handOver(talk.call('r', 'c'), 'c', other).forget();
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    expect(restored(talk).sent('session.update')).toMatchObject([{ settings: { voice: 'bob' } }]);
  });
});

describe('a provider whose settings are fixed', () => {
  const fixed = { settingsChange: 'never', createAfterTool: false } as const;

  /** The old agent has said something when it makes the call. */
  function speaking(profile: Partial<Profile> = {}, more: Partial<ConversationOptions> = {}): ScriptedTalk {
    const talk = greeting({ ...fixed, ...profile }, more)
      .turn('u')
      .model({ type: 'user.transcript.done', itemId: 'u', text: 'My bill, please.' });
    const part = { responseId: 'r', itemId: 'a', contentIndex: 0 };
    talk.say('r', 'a', 'One moment.', 1000).model({ type: 'audio.done', ...part });
    return talk.rendered('a', 400).call('r', 'c').forget();
  }

  test('gets a new connection at once, which takes up nothing of the old one', () => {
    const talk = handOver(speaking(), 'c');
    expect(talk.did('reconnect')).toEqual([{ type: 'reconnect', renewed: true }]);
    expect(talk.did('send')).toEqual([]);
    expect(talk.emitted('tool.finished')).toHaveLength(1);
    expect(talk.emitted('response.done')).toMatchObject([{ responseId: 'r', status: 'completed' }]);
  });

  test('lets the old agent finish what it has said', () => {
    const talk = handOver(speaking(), 'c');
    expect(talk.did('playback.clear')).toEqual([]);
    restored(talk).rendered('a', 1000);
    expect(talk.conversation.history).toMatchObject([
      { text: 'My bill, please.' },
      { text: 'One moment.', state: 'done', heardMs: 1000 },
      { kind: 'tool', callId: 'c', state: 'done', output: 'billing takes over' },
    ]);
  });

  test('tells the new connection who it is and what was said, and asks it to speak', () => {
    const talk = restored(handOver(speaking(), 'c').forget());
    expect(order(talk)).toEqual([
      'session.update',
      'message',
      'message',
      'tool.call',
      'tool.output',
      'response.create',
    ]);
    expect(talk.sent('session.update')).toMatchObject([{ settings: { instructions: 'You bill.' } }]);
  });

  test('is told it in the instructions, where it takes no items', () => {
    const talk = restored(handOver(speaking({ replay: 'none' }), 'c').forget());
    expect(order(talk)).toEqual(['session.update', 'message', 'message', 'response.create']);
    expect(talk.sent('item.create').map(({ item }) => item)).toMatchObject([
      { role: 'user', text: 'My bill, please.' },
      { role: 'user', text: expect.stringMatching(/^\[Tool result of weather.*: billing takes over\]$/) },
    ]);
    const [update] = talk.sent('session.update');
    expect(update?.settings.instructions).toMatch(
      /^You bill\.\n\nThe conversation so far .*:\nuser: My bill(.*\n)+tool weather.*returned: billing takes over$/,
    );
  });

  describe('where the answer goes on beside its calls', () => {
    const talking = () => speaking({ createAfterTool: true });

    test('the old agent says all of it before the new connection', () => {
      const talk = handOver(talking(), 'c');
      expect(talk.did('reconnect')).toEqual([]);
      talk.say('r', 'b', 'Goodbye.', 200);
      talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
      expect(talk.did('reconnect')).toEqual([{ type: 'reconnect', renewed: true }]);
      expect(talk.emitted('tool.finished')).toHaveLength(1);
      restored(talk).rendered('a', 1000).rendered('b', 200);
      expect(talk.conversation.history).toMatchObject([
        { text: 'My bill, please.' },
        { text: 'One moment.', state: 'done' },
        { kind: 'tool', state: 'done' },
        { text: 'Goodbye.', state: 'done' },
      ]);
      expect(talk.sent('response.create')).toHaveLength(1);
    });

    test('but not when the user wants the floor, nor for ever', () => {
      const interrupted = handOver(talking(), 'c').feed({ type: 'user.interrupt' });
      expect(interrupted.did('reconnect')).toHaveLength(1);
      const endless = handOver(talking(), 'c').wait(8000);
      expect(endless.did('reconnect')).toHaveLength(1);
    });
  });

  test('goes on as it is where nobody can make another connection, and says so', () => {
    const talk = handOver(speaking({}, { reconnects: false }), 'c');
    expect(order(talk)).toEqual(['tool.output']);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'settings.kept' }]);
  });

  test('needs no other connection for an agent who is told the same', () => {
    const talk = handOver(speaking(), 'c', greeter);
    expect(talk.did('reconnect')).toEqual([]);
    expect(order(talk)).toEqual(['tool.output']);
  });

  test('does not ask for an answer that the user has called off', () => {
    const talk = restored(handOver(speaking().feed({ type: 'user.interrupt' }), 'c').forget());
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('words whose sound had not come when the connection changed do not stay in history', () => {
    const talk = greeting(fixed)
      .turn('u')
      .model({ type: 'user.transcript.done', itemId: 'u', text: 'Count.' })
      .say('r', 'a', 'One two three four five six seven eight', 300);
    handOver(talk.call('r', 'c'), 'c').rendered('a', 300);
    const said = talk.conversation.history.find((item) => item.itemId === 'a');
    expect(said?.kind === 'message' && said.text).toMatch(/^One( two)?$/);
  });
});

describe('the next agent used the tools of the one before', () => {
  const asking = { name: 'pay', description: '', parameters: {}, mayAsk: true };
  const first = { ...greeter, tools: [...(greeter.tools ?? []), asking] };
  const pay = (responseId: string, callId: string) =>
    ({ type: 'tool.called', responseId, itemId: callId, callId, name: 'pay', arguments: '{}' }) as const;

  function handedOver(): ScriptedTalk {
    const talk = new ScriptedTalk({}, first, { agent: 'greeter', reconnects: true }).turn('u').call('r', 'c');
    talk.model({ type: 'response.created', responseId: 'slow' });
    return handOver(talk, 'c').forget();
  }

  test('a call goes to the tools of the agent that began its answer', () => {
    const talk = handedOver().model({ type: 'response.created', responseId: 'next' });
    talk.model(pay('next', 'c2'), pay('slow', 'c3'));
    expect(talk.did('tool.run').map(({ callId, agent }) => [callId, agent])).toEqual([
      ['c2', 'billing'],
      ['c3', 'greeter'],
    ]);
  });

  test('and asks where that agent has to ask', () => {
    const talk = handedOver().model(pay('slow', 'c3'));
    expect(talk.emitted('tool.started')).toEqual([]);
    talk.feed({ type: 'tool.approval.required', callId: 'c3' });
    expect(talk.emitted('tool.approval.required')).toMatchObject([{ callId: 'c3', name: 'pay' }]);
  });
});
