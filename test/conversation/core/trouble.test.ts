import { describe, expect, test } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import { ExitCode } from '../../../src/contract/exit.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;

function error(change: Partial<ErrorEvent>): ErrorEvent {
  return { type: 'error', code: 'odd', message: 'Something.', fatal: false, source: 'provider', ...change };
}

describe('what ends the session', () => {
  test.each([
    ['credentials', ExitCode.configuration],
    ['quota', ExitCode.refused],
    ['model', ExitCode.refused],
    [undefined, ExitCode.refused],
    ['expired', ExitCode.network],
  ] as const)('a fatal error (%s) with exit code %i', (cause, exitCode) => {
    const talk = new ScriptedTalk().model(error({ fatal: true, cause, hint: 'Do this.' }));
    expect(talk.did('end')).toMatchObject([
      { ending: { exitCode, message: 'Something.', hint: 'Do this.' } },
    ]);
    expect(talk.emitted('error')).toMatchObject([{ code: 'odd', fatal: true, hint: 'Do this.' }]);
    expect(talk.emitted('session.ended')).toMatchObject([{ exitCode }]);
  });

  test('the provider’s goodbye', () => {
    const talk = new ScriptedTalk().model({ type: 'session.ended', reason: 'Time is over.' });
    expect(talk.did('end')).toMatchObject([
      { ending: { exitCode: ExitCode.network, message: 'Time is over.' } },
    ]);
  });
});

describe('what does not', () => {
  test('other errors are told', () => {
    const talk = new ScriptedTalk().model(error({ cause: 'quota', hint: 'Wait.' }));
    expect(talk.emitted('error')).toMatchObject([{ code: 'odd', fatal: false, hint: 'Wait.' }]);
    expect(talk.did('end')).toEqual([]);
  });

  test('five in ten seconds are enough for anybody', () => {
    const talk = new ScriptedTalk();
    const refuse = (times: number) => {
      for (let frame = 0; frame < times; frame += 1) talk.model(error({ code: 'append.refused' }));
    };
    refuse(500);
    expect(talk.emitted('error')).toHaveLength(5);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'errors.hidden' }]);
    talk.wait(10_000);
    refuse(500);
    expect(talk.emitted('error')).toHaveLength(10);
    expect(talk.emitted('warning')).toHaveLength(2);
  });

  test('an error that costs an answer is told, however many were before', () => {
    const talk = new ScriptedTalk();
    for (let frame = 0; frame < 50; frame += 1) talk.model(error({}));
    talk.feed({ type: 'user.text', text: 'hello' });
    talk.model(error({ code: 'mine', eventId: talk.sent('response.create')[0]?.eventId }));
    expect(talk.emitted('error').at(-1)).toMatchObject({ code: 'mine' });
  });

  test('harmless ones are not even told, unless an answer is missing because of them', () => {
    const talk = new ScriptedTalk().model(error({ cause: 'harmless' }));
    expect(talk.effects).toEqual([]);
    talk.feed({ type: 'user.text', text: 'hello' });
    talk.model(error({ cause: 'harmless', eventId: talk.sent('response.create')[0]?.eventId }));
    expect(talk.emitted('error')).toHaveLength(1);
    expect(talk.conversation.state).toBe('listening');
  });

  test('a response that failed or is incomplete is told in words', () => {
    const talk = new ScriptedTalk().model(
      {
        type: 'response.done',
        responseId: 'r1',
        status: 'failed',
        error: { code: 'rate_limit', message: 'Too fast.' },
      },
      { type: 'response.done', responseId: 'r2', status: 'failed' },
    );
    talk.say('r3', 'i3', 'Well', 100).say('r4', 'i4', 'Well', 100).say('r5', 'i5', 'Well', 100);
    talk.model(
      { type: 'response.done', responseId: 'r3', status: 'incomplete', reason: 'max_output_tokens' },
      { type: 'response.done', responseId: 'r4', status: 'incomplete', reason: 'moon' },
      { type: 'response.done', responseId: 'r5', status: 'incomplete' },
    );
    expect(talk.emitted('error').map(({ message }) => message)).toEqual([
      'Too fast.',
      'The model could not answer.',
    ]);
    expect(talk.emitted('warning').map(({ message }) => message)).toEqual([
      'The answer was cut off at the token limit.',
      'The answer is incomplete (moon).',
      'The answer is incomplete (no reason given).',
    ]);
  });
});

describe('an error that names nothing, while an answer is asked for', () => {
  const unnamed = error({ message: 'The model is down.' });

  test('is waited out for three seconds, and then told as the reason', () => {
    const talk = new ScriptedTalk().feed({ type: 'user.text', text: 'hello' }).acknowledge().model(unnamed);
    expect(talk.wait(2500).emitted('warning')).toEqual([]);
    expect(talk.wait(1000).emitted('warning')).toMatchObject([
      { code: 'response.missing', message: 'The server did not answer: The model is down.' },
    ]);
    expect(talk.conversation.state).toBe('listening');
  });

  test('was about something else where an answer comes', () => {
    const talk = new ScriptedTalk().feed({ type: 'user.text', text: 'hello' }).acknowledge().model(unnamed);
    talk.wait(2500).answer('r', 'i', 'Hello.', 0).wait(20_000);
    expect(talk.emitted('warning')).toEqual([]);
  });
});

describe('an answer of which nothing came', () => {
  const done = { type: 'response.done', responseId: 'r', status: 'completed' } as const;
  const warnings = (talk: ScriptedTalk) =>
    talk.emitted('warning').map(({ code, message }) => [code, message]);

  test.each([
    [{}, 'The model ended its answer without a word.'],
    [{ reason: 'eos' }, 'The model ended its answer without a word (eos).'],
    [
      { status: 'incomplete', reason: 'content_filter' },
      "The provider's content filter stopped the answer before its first word.",
    ],
    [
      { status: 'incomplete', reason: 'max_output_tokens' },
      'The answer reached the token limit before its first word.',
    ],
    [{ reason: 'refusal' }, 'The model refused to answer.'],
  ] as const)('is told with its reason: %j', (how, message) => {
    const talk = new ScriptedTalk().turn('u').model({ ...done, ...how });
    expect(warnings(talk)).toEqual([['response.empty', message]]);
  });

  test('blanks and empty sound are nothing', () => {
    const part = { responseId: 'r', itemId: 'i', contentIndex: 0 };
    const talk = new ScriptedTalk()
      .turn('u')
      .model(
        { type: 'output.item.added', responseId: 'r', item: { itemId: 'i', kind: 'message' } },
        { type: 'text.delta', ...part, delta: ' \n', spoken: true },
        { type: 'audio.delta', ...part, audio: new Uint8Array() },
        { type: 'text.done', ...part, text: ' \n', spoken: true },
        done,
      );
    expect(warnings(talk)).toMatchObject([['response.empty', expect.any(String)]]);
  });

  test.each([
    ['words', (talk: ScriptedTalk) => talk.say('r', 'i', 'Hello.', 0)],
    ['sound', (talk: ScriptedTalk) => talk.say('r', 'i', '', 100)],
    ['a call', (talk: ScriptedTalk) => talk.call('r', 'c')],
    [
      'a call of a tool that the provider runs',
      (talk: ScriptedTalk) =>
        talk.model(
          { type: 'response.created', responseId: 'r' },
          { type: 'server.tool.started', itemId: 's' },
        ),
    ],
  ])('%s is something', (_what, give) => {
    const talk = new ScriptedTalk().turn('u');
    give(talk).model(done);
    expect(warnings(talk)).toEqual([]);
  });

  test('is not told where it was interrupted or cancelled', () => {
    const cancelled = new ScriptedTalk().turn('u').model({ ...done, status: 'cancelled' });
    const interrupted = new ScriptedTalk().turn('u').model({ type: 'response.created', responseId: 'r' });
    interrupted.feed({ type: 'user.interrupt' }).model(done);
    expect([...warnings(cancelled), ...warnings(interrupted)]).toEqual([]);
  });
});

describe('the shape of the protocol changed under the client', () => {
  test('events nobody knows are no trouble', () => {
    const talk = new ScriptedTalk().model({ type: 'other', name: 'response.dance', raw: { step: 1 } });
    expect(talk.effects).toEqual([]);
  });

  test('unreadable frames are told three times, never fatal', () => {
    const talk = new ScriptedTalk();
    for (let frame = 0; frame < 50; frame += 1) talk.model(error({ source: 'protocol' }));
    expect(talk.emitted('warning')).toHaveLength(3);
    expect(talk.emitted('warning')[2]?.hint).toBe('Further unreadable messages are not shown.');
    expect(talk.emitted('error')).toEqual([]);
    expect(talk.conversation.state).toBe('listening');
  });

  test('a server without announcements, acknowledgements and confirmations is talked to all the same', () => {
    const talk = new ScriptedTalk({ acknowledgesItems: false, cancelAnswersDone: false }).turn('u');
    talk.say('r', 'a', 'hello ', 500).feed({ type: 'user.interrupt' });
    talk.turn('u2').say('r2', 'b', 'again', 500);
    expect(talk.did('play').map(({ itemId }) => itemId)).toEqual(['a', 'b']);
    expect(talk.emitted('response.done')).toMatchObject([{ responseId: 'r', status: 'cancelled' }]);
  });
});
