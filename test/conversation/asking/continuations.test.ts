import { describe, expect, test } from 'vitest';
import { ScriptedTalk } from '../support/scripted-talk.js';

const goesOn = { createAfterTool: false, acknowledgesItems: false } as const;
const done = (responseId: string) => ({ type: 'response.done', responseId, status: 'completed' }) as const;
const beside = {
  transcription: {},
  tools: [{ name: 'weather', description: '', parameters: {}, blocking: false }],
};

function codes(talk: ScriptedTalk): string[] {
  return talk.emitted('warning').map(({ code }) => code);
}

/** The tool has been called, and the server has its result. */
function answeredCall(more = {}, settings = {}): ScriptedTalk {
  const talk = new ScriptedTalk({ ...goesOn, ...more }, { transcription: {}, ...settings });
  return talk.feed({ type: 'user.text', text: 'weather?' }).call('r1', 'c');
}

describe('where the server goes on by itself after a tool', () => {
  test('the answer is still owed when the response ended before the result', () => {
    const talk = answeredCall().model(done('r1')).result('c');
    expect(talk.conversation.state).toBe('thinking');
    talk.wait(5000);
    expect(talk.conversation.state).toBe('thinking');
    talk.answer('r2', 'i2', 'Sunny.', 0);
    expect(talk.conversation.state).toBe('listening');
    expect(talk.wait(60_000).emitted('warning')).toEqual([]);
  });

  test('and when it ended after the result, without a word since', () => {
    const talk = answeredCall().result('c').model(done('r1'));
    expect(talk.conversation.state).toBe('thinking');
    talk.answer('r2', 'i2', 'Sunny.', 0);
    expect(talk.conversation.state).toBe('listening');
  });

  test('words in the same response are the answer', () => {
    const talk = answeredCall().result('c').answer('r1', 'i', 'Sunny.', 0);
    expect(talk.conversation.state).toBe('listening');
  });

  test('an answer that never comes is told, once', () => {
    const talk = answeredCall().model(done('r1')).result('c').wait(16_000);
    expect(codes(talk)).toEqual(['response.missing']);
    expect(talk.conversation.state).toBe('listening');
    expect(codes(talk.wait(60_000))).toHaveLength(1);
  });

  test('a model that spoke before the call may have nothing to add', () => {
    const talk = new ScriptedTalk(goesOn).feed({ type: 'user.text', text: 'light!' });
    talk.say('r1', 'i1', 'I switch it on.', 0).call('r1', 'c').result('c').model(done('r1')).wait(3500);
    expect(talk.conversation.state).toBe('listening');
    expect(codes(talk.wait(30_000))).toEqual([]);
  });

  test('a quiet result, and one of an interrupted answer, owe nothing', () => {
    const quiet = answeredCall().model(done('r1'));
    const outcome = { kind: 'finished', output: '', durationMs: 1, quiet: true } as const;
    quiet.feed({ type: 'tool.ended', callId: 'c', outcome });
    expect(quiet.conversation.state).toBe('listening');
    const interrupted = answeredCall().feed({ type: 'user.interrupt' }).model(done('r1')).result('c');
    expect(interrupted.conversation.state).toBe('listening');
  });

  test('the user takes the floor: nothing is owed any more', () => {
    const talk = answeredCall().model(done('r1')).result('c').feed({ type: 'user.interrupt' });
    expect(talk.conversation.state).toBe('listening');
    expect(codes(talk.wait(30_000))).toEqual([]);
  });

  test('words of the calling response need not be about a tool that runs beside them', () => {
    const talk = answeredCall({ toolsRunBeside: 'onRequest' }, beside).say('r1', 'i1', 'One', 0);
    talk.result('c').say('r1', 'i1', ' moment.', 0).model(done('r1'));
    expect(talk.conversation.state).toBe('thinking');
    talk.answer('r2', 'i2', 'Sunny.', 0);
    expect(talk.conversation.state).toBe('listening');
  });

  test('if they were, nothing is missed', () => {
    const talk = answeredCall({ toolsRunBeside: 'always' }).result('c').answer('r1', 'i1', 'Sunny.', 0);
    expect(codes(talk.wait(30_000))).toEqual([]);
    expect(talk.conversation.state).toBe('listening');
  });
});

describe('words that come after the end of their answer', () => {
  const late = {
    type: 'text.late',
    responseId: 'r',
    itemId: 'i',
    contentIndex: 0,
    delta: ' there.',
  } as const;

  test.each([
    ['while it plays', 0],
    ['when it has been heard', 1000],
  ])('belong to it: %s', (_when, heardMs) => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'i', 'Hello', 1000).rendered('i', heardMs);
    talk.forget().model(late);
    expect(talk.emitted('assistant.text.delta')).toMatchObject([{ itemId: 'i', delta: ' there.' }]);
    talk.rendered('i', 1000);
    expect(talk.conversation.history.at(-1)).toMatchObject({ text: 'Hello there.', state: 'done' });
  });

  test('unless it was interrupted', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'i', 'Hello', 1000).rendered('i', 1000);
    talk.feed({ type: 'user.interrupt' }).cleared(1, 'i', 1000);
    talk.model({ type: 'response.done', responseId: 'r', status: 'cancelled' }).forget().model(late);
    expect(talk.emitted('assistant.text.delta')).toEqual([]);
  });
});

describe('a question that breaks every connection', () => {
  const lost = {
    type: 'link.lost',
    code: 1006,
    reason: '',
    ending: { exitCode: 6, reason: 'link.lost' },
    retrying: true,
  } as const;

  function breaks(talk: ScriptedTalk): ScriptedTalk {
    talk.feed(lost, { type: 'link.restored' });
    return talk.model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' }).wait(2000);
  }

  test('is asked again twice, then given up in words', () => {
    const talk = new ScriptedTalk({ acknowledgesItems: false }, undefined, { reconnects: true });
    talk.feed({ type: 'user.text', text: 'hello' });
    for (let loss = 0; loss < 4; loss += 1) breaks(talk);
    expect(talk.sent('response.create')).toHaveLength(3);
    expect(codes(talk).filter((code) => code === 'response.missing')).toHaveLength(1);
    expect(talk.conversation.state).toBe('listening');
    talk.forget().feed({ type: 'user.text', text: 'another' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });
});
