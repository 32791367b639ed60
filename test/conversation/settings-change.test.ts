import { describe, expect, test } from 'vitest';
import type { Profile } from '../../src/contract/profile.js';
import type { SessionSettings } from '../../src/contract/settings.js';
import { Conversation, type ConversationOptions } from '../../src/conversation/conversation.js';
import { fullProfile } from './support/profiles.js';
import { ScriptedTalk } from './support/scripted-talk.js';

const tool = { name: 'weather', description: 'Tells the weather.', parameters: {} };
const before: SessionSettings = { transcription: {}, instructions: 'Be kind.', tools: [tool] };
const after: SessionSettings = { transcription: {}, instructions: 'Be brief.', tools: [tool] };

function talking(profile: Partial<Profile> = {}, more: Partial<ConversationOptions> = {}): ScriptedTalk {
  return new ScriptedTalk(profile, before, { reconnects: true, ...more });
}

function change(talk: ScriptedTalk, settings: SessionSettings): ScriptedTalk {
  return talk.feed({ type: 'settings.changed', settings });
}

describe('the model did not know its new settings', () => {
  test('they are sent at once where they may change, complete', () => {
    const talk = change(talking(), after);
    expect(talk.sent('session.update')).toMatchObject([
      { settings: { instructions: 'Be brief.', tools: [tool], transcription: {} } },
    ]);
  });

  test('what is not among them any more is taken back', () => {
    const talk = change(talking(), { transcription: {} });
    expect(talk.sent('session.update')).toMatchObject([{ settings: { instructions: '', tools: [] } }]);
  });

  test('nothing is sent where nothing has changed', () => {
    expect(change(talking(), { ...before }).sent('session.update')).toEqual([]);
  });

  test('an agent who takes over by order of the program is announced', () => {
    const talk = talking().feed({
      type: 'settings.changed',
      settings: after,
      agent: { from: 'a', to: 'b' },
    });
    expect(talk.emitted('agent.handoff')).toEqual([{ type: 'agent.handoff', from: 'a', to: 'b' }]);
    talk.model({ type: 'response.created', responseId: 'r' });
    expect(talk.emitted('response.started')).toMatchObject([{ agent: 'b' }]);
  });

  test('a refusal is told, and the session goes on', () => {
    const talk = change(talking(), after);
    const eventId = talk.sent('session.update')[0]?.eventId;
    const error = { code: 'x', message: 'no such tool', fatal: false, source: 'provider' } as const;
    talk.model({ type: 'error', ...error, eventId });
    expect(talk.emitted('warning')).toMatchObject([{ code: 'settings.refused' }]);
    expect(talk.emitted('error')).toEqual([]);
    expect(talk.conversation.state).toBe('listening');
  });

  test('a voice the server does not have costs nothing but the voice', () => {
    const refusal = {
      type: 'error',
      code: 'invalid_value',
      message: "Invalid value: 'marin'.",
      param: 'session.audio.output.voice',
      fatal: false,
      source: 'provider',
    } as const;
    const talk = change(talking(), { ...after, voice: 'marin' });
    const eventId = talk.sent('session.update')[0]?.eventId;
    talk.forget().model({ ...refusal, eventId });
    expect(talk.emitted('warning')).toMatchObject([{ code: 'voice.refused' }]);
    const [again] = talk.sent('session.update');
    expect(again?.settings).toMatchObject({ instructions: 'Be brief.' });
    expect(again?.settings).not.toHaveProperty('voice');

    const settings = { instructions: 'Be kind.', voice: 'marin' };
    const opening = new Conversation({ profile: fullProfile, settings, watchEcho: false });
    opening.handle({ type: 'link.up' }, 0);
    opening.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 0);
    const effects = opening.handle({ type: 'model', event: refusal }, 1);
    expect(effects).toMatchObject([
      { event: { type: 'warning', code: 'voice.refused' } },
      { command: { type: 'session.update', settings: { instructions: 'Be kind.' } } },
    ]);
    expect(opening.state).toBe('connecting');
  });

  test('who ends the turns does not change in the middle', () => {
    const talk = new ScriptedTalk({}, { turnDetection: { type: 'none' } });
    change(talk, { instructions: 'Be brief.', turnDetection: { type: 'server' } });
    expect(talk.sent('session.update')).toMatchObject([{ settings: { turnDetection: { type: 'none' } } }]);
  });

  test('the record that the provider keeps is not asked for twice', () => {
    const talk = new ScriptedTalk({}, { ...before, tracing: 'auto' });
    change(talk, { ...after, tracing: 'auto' });
    expect(talk.sent('session.update')[0]?.settings).not.toHaveProperty('tracing');
  });

  test('a change while the connection is being restored counts for the new one', () => {
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    const talk = talking().feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    change(talk, after).feed({ type: 'link.restored' }).model({ type: 'session.created', sessionId: 's' });
    expect(talk.sent('session.update')).toMatchObject([{ settings: { instructions: 'Be brief.' } }]);
  });

  test('a change while the new connection takes its settings follows when it has', () => {
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    const talk = talking().feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    talk.feed({ type: 'link.restored' }).model({ type: 'session.created', sessionId: 's' }).forget();
    expect(change(talk, after).sent('session.update')).toEqual([]);
    expect(talk.model({ type: 'session.updated' }).sent('session.update')).toHaveLength(1);
  });
});

describe('settings that an open connection does not take', () => {
  const fixed = { settingsChange: 'never' } as const;

  test('are given to a new one as soon as nothing is disturbed', () => {
    const talk = talking(fixed).turn('u').answer('r', 'a', 'Hello.', 1000);
    change(talk, after);
    expect(talk.did('reconnect')).toEqual([]);
    talk.rendered('a', 1000);
    expect(talk.did('reconnect')).toEqual([{ type: 'reconnect', renewed: true }]);
  });

  test('after ten seconds whatever it disturbs', () => {
    const talk = talking(fixed).turn('u').say('r', 'a', 'A long story', 60_000);
    change(talk, after).wait(9900);
    expect(talk.did('reconnect')).toEqual([]);
    expect(talk.wait(200).did('reconnect')).toHaveLength(1);
  });

  test('of tools only, wait for as long as it takes', () => {
    const talk = talking(fixed).turn('u').say('r', 'a', 'A long story', 60_000);
    change(talk, { ...before, tools: [] }).wait(9000);
    talk.rendered('a', 9000).wait(9000);
    expect(talk.did('reconnect')).toEqual([]);
  });

  test('are not taken where there is no other connection, which is said', () => {
    const talk = change(talking(fixed, { reconnects: false }), after);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'settings.kept' }]);
  });

  test('are fixed as soon as sound may flow, where that is the rule', () => {
    const talk = new ScriptedTalk({ settingsChange: 'beforeAudio' }, before, { reconnects: true });
    expect(change(talk, after).did('reconnect')).toHaveLength(1);
  });

  test('may still change before that', () => {
    const profile = { ...fullProfile, settingsChange: 'beforeAudio' } as const;
    const conversation = new Conversation({ profile, settings: before, watchEcho: false, reconnects: true });
    conversation.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 0);
    conversation.handle({ type: 'settings.changed', settings: after }, 0);
    const effects = conversation.handle({ type: 'model', event: { type: 'session.updated' } }, 0);
    const update = { type: 'session.update', settings: { instructions: 'Be brief.' } };
    expect(effects.filter(({ type }) => type !== 'emit')).toMatchObject([{ type: 'send', command: update }]);
  });
});
