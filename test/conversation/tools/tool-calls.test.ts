import { describe, expect, test } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { ToolSpec } from '../../../src/contract/settings.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

function calling(...callIds: string[]): ScriptedTalk {
  const talk = new ScriptedTalk().turn('u').call('r', ...callIds);
  return talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
}

describe('tools froze the conversation, or their results came to the wrong place', () => {
  test('while a tool runs the user is heard, answered and may interrupt', () => {
    const talk = calling('slow').wait(5000).turn('u2').answer('r2', 'a', 'still here', 500);
    expect(talk.did('play')).toHaveLength(1);
    talk.turn('u3');
    expect(talk.did('playback.clear')).toHaveLength(1);
    expect(talk.did('tool.cancel')).toEqual([]);
  });

  test('a result that comes in the middle of another answer is delivered at once and answered after it', () => {
    const talk = calling('slow').turn('u2').say('r2', 'a', 'meanwhile', 500).result('slow');
    expect(talk.sent('item.create')).toMatchObject([
      { item: { kind: 'tool.output', callId: 'slow', output: 'sunny' } },
    ]);
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'response.done', responseId: 'r2', status: 'completed' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('a result while the user speaks waits until he has finished', () => {
    const talk = calling('c').model({ type: 'speech.started', itemId: 'u2' }).result('c').wait(3000);
    expect(talk.sent('item.create')).toHaveLength(1);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('what is typed while a tool runs is answered at once, the result later', () => {
    const talk = calling('slow').feed({ type: 'user.text', text: 'hurry' });
    expect(talk.sent('response.create')).toHaveLength(1);
    talk.model({ type: 'response.created', responseId: 'r2' }).answer('r2', 'a', 'yes', 100).result('slow');
    expect(talk.sent('response.create')).toHaveLength(2);
  });

  test('a tool may take its time, also where the answer that called it stays open for the result', () => {
    const talk = new ScriptedTalk({ createAfterTool: false }).turn('u').call('r', 'slow').wait(100_000);
    expect(talk.emitted('warning')).toEqual([]);
    talk.result('slow').wait(20_000).say('r', 'a', 'here it is', 100);
    expect(talk.did('play')).toHaveLength(1);
    const stopped = talk.rendered('a', 100).wait(46_000);
    expect(stopped.emitted('warning')).toMatchObject([{ code: 'response.stalled' }]);
  });

  test('a late or second result is dropped', () => {
    const talk = calling('c').result('c').result('c').result('unknown');
    expect(talk.sent('item.create')).toHaveLength(1);
    expect(talk.emitted('tool.finished')).toHaveLength(1);
  });

  test('a result after the model cancelled its call is dropped, and history says so', () => {
    const talk = calling('c')
      .model({ type: 'tool.call.cancelled', callIds: ['c', 'unknown'] })
      .result('c')
      .wait(500);
    expect(talk.did('tool.cancel')).toMatchObject([{ callId: 'c' }]);
    expect(talk.sent('item.create')).toEqual([]);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.conversation.history[1]).toMatchObject({ callId: 'c', state: 'cancelled' });
  });

  test('a failed tool is answered, too', () => {
    const talk = calling('c').feed({
      type: 'tool.ended',
      callId: 'c',
      outcome: {
        kind: 'failed',
        code: 'timeout',
        message: 'too slow',
        output: 'It took too long.',
        durationMs: 9,
      },
    });
    expect(talk.sent('item.create')).toMatchObject([{ item: { output: 'It took too long.' } }]);
    expect(talk.emitted('tool.failed')).toMatchObject([{ callId: 'c', code: 'timeout', durationMs: 9 }]);
    expect(talk.conversation.history[1]).toMatchObject({ state: 'failed', output: 'It took too long.' });
  });
});

test('a call announced twice runs once', () => {
  const talk = calling('c', 'c').call('r', 'c');
  expect(talk.did('tool.run')).toHaveLength(1);
});

test('a call in an answer that was interrupted does not run, but the model is told', () => {
  const talk = new ScriptedTalk().turn('u').say('r', 'a', 'let me see', 500).feed({ type: 'user.interrupt' });
  talk.call('r', 'c').model({ type: 'response.done', responseId: 'r', status: 'completed' });
  talk.call('r', 'later').wait(500);
  expect(talk.did('tool.run')).toEqual([]);
  expect(talk.sent('item.create')).toMatchObject([
    { item: { kind: 'tool.output', callId: 'c' } },
    { item: { kind: 'tool.output', callId: 'later' } },
  ]);
  expect(talk.sent('response.create')).toEqual([]);
  expect(talk.conversation.history.filter(({ kind }) => kind === 'tool')).toMatchObject([
    { callId: 'c', state: 'cancelled' },
    { callId: 'later', state: 'cancelled' },
  ]);
});

test('a message and a call in one response: the words play on while the tool runs', () => {
  const talk = new ScriptedTalk()
    .turn('u')
    .say('r', 'a', 'one ', 300)
    .call('r', 'c')
    .say('r', 'a', 'moment', 300);
  talk.model({ type: 'response.done', responseId: 'r', status: 'completed' }).rendered('a', 600);
  expect(talk.did('play')).toHaveLength(2);
  expect(talk.conversation.history).toMatchObject([
    { itemId: 'u' },
    { itemId: 'a', text: 'one moment', state: 'done', heardMs: 600 },
    { callId: 'c', state: 'running' },
  ]);
  expect(talk.result('c').sent('response.create')).toHaveLength(1);
});

test('where the model goes on by itself nobody asks it to', () => {
  const talk = new ScriptedTalk({ createAfterTool: false }).turn('u').call('r', 'c');
  talk.model({ type: 'response.done', responseId: 'r', status: 'completed' }).result('c').wait(20_000);
  expect(talk.sent('item.create')).toHaveLength(1);
  expect(talk.sent('response.create')).toEqual([]);
});

test('arguments are shown parsed, or as they came', () => {
  const called = { type: 'tool.called', responseId: 'r', name: 'weather' } as const;
  const talk = new ScriptedTalk().model(
    { ...called, itemId: 'i1', callId: 'c1', arguments: '{"city":"Bern"}' },
    { ...called, itemId: 'i2', callId: 'c2', arguments: '{"city":' },
  );
  expect(talk.emitted('tool.started').map((event) => event.arguments)).toEqual([
    { city: 'Bern' },
    '{"city":',
  ]);
});

describe('calls in the wrong place', () => {
  const late: ModelEvent = {
    type: 'tool.called',
    responseId: 'r',
    itemId: 'f',
    callId: 'late',
    name: 'weather',
    arguments: '{}',
  };

  test('a call that is complete only after its response runs, and is answered', () => {
    const talk = new ScriptedTalk().turn('u');
    talk.model({ type: 'response.created', responseId: 'r' });
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' }, late).result('late');
    expect(talk.did('tool.run')).toHaveLength(1);
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.emitted('tool.cancelled')).toEqual([]);
  });

  test('after an interruption it does not run, because of the interruption', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'well', 100);
    talk.model(
      { type: 'speech.started' },
      { type: 'response.done', responseId: 'r', status: 'cancelled' },
      late,
    );
    expect(talk.emitted('tool.cancelled')).toMatchObject([{ reason: 'the user interrupted' }]);
  });

  test('after an answer that was given up nobody blames the user', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'well', 100).wait(46_000).model(late);
    expect(talk.emitted('tool.cancelled')).toMatchObject([{ reason: 'the answer had been given up' }]);
    expect(talk.sent('item.create')).toMatchObject([
      { item: { callId: 'late', output: 'Not run: the answer had been given up.' } },
    ]);
  });

  test('a model that calls without end is told to stop, and every call is answered', () => {
    const callIds = Array.from({ length: 66 }, (_, index) => `c${index}`);
    const talk = new ScriptedTalk().turn('u').call('r', ...callIds);
    expect(talk.did('tool.run')).toHaveLength(64);
    expect(talk.sent('item.create').map(({ item }) => item)).toMatchObject([
      { callId: 'c64', output: 'Not run: more than 64 calls in one answer.' },
      { callId: 'c65' },
    ]);
  });
});

/** The model has called `weather`, which is like this. */
function callingOf(spec: Partial<ToolSpec>): ScriptedTalk {
  const tools = [{ name: 'weather', description: 'Tells the weather.', parameters: {}, ...spec }];
  const talk = new ScriptedTalk({}, { transcription: {}, tools }).turn('u').call('r', 'c');
  return talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
}

describe('a tool ran although nobody had allowed it, or nobody knew that it waits', () => {
  test('it starts only when it has been allowed, and the request names what it wants to do', () => {
    const talk = callingOf({ mayAsk: true }).feed({ type: 'tool.approval.required', callId: 'c' });
    expect(talk.emitted('tool.approval.required')).toEqual([
      { type: 'tool.approval.required', callId: 'c', name: 'weather', arguments: {} },
    ]);
    expect(talk.emitted('tool.started')).toEqual([]);
    talk.feed({ type: 'tool.began', callId: 'c' }, { type: 'tool.began', callId: 'c' });
    expect(talk.emitted('tool.started')).toHaveLength(1);
  });

  test('the request says where an answer counts for this call only', () => {
    const asked = { type: 'tool.approval.required', callId: 'c' } as const;
    const request = (remember: boolean) =>
      callingOf({ mayAsk: true })
        .feed({ ...asked, remember })
        .emitted('tool.approval.required')[0];
    expect(request(false)).toHaveProperty('remember', false);
    expect(request(true)).not.toHaveProperty('remember');
  });

  test('one that need not ask after all starts without a request', () => {
    const talk = callingOf({ mayAsk: true }).feed({ type: 'tool.began', callId: 'c' });
    expect(talk.emitted('tool.started')).toHaveLength(1);
    expect(
      talk.feed({ type: 'tool.approval.required', callId: 'c' }).emitted('tool.approval.required'),
    ).toEqual([]);
  });

  test('what is refused or cancelled before it began has never started', () => {
    const outcome = { kind: 'failed', code: 'rejected', message: 'no', output: 'no', durationMs: 0 } as const;
    const refused = callingOf({ mayAsk: true }).feed({ type: 'tool.ended', callId: 'c', outcome });
    expect(refused.emitted('tool.failed')).toHaveLength(1);
    expect(refused.emitted('tool.started')).toEqual([]);
    const cancelled = callingOf({ mayAsk: true }).model({ type: 'tool.call.cancelled', callIds: ['c'] });
    expect(cancelled.feed({ type: 'tool.began', callId: 'c' }).emitted('tool.started')).toEqual([]);
  });

  test('a request for a call that is over is none', () => {
    const talk = callingOf({ mayAsk: true })
      .result('c')
      .feed({ type: 'tool.approval.required', callId: 'c' });
    expect(talk.emitted('tool.approval.required')).toEqual([]);
  });

  test('a guardrail on the input names the call and the answer it belongs to', () => {
    const trip = { guardrail: 'no-rm', message: 'deletes files' };
    const talk = callingOf({}).feed({ type: 'tool.guardrail.tripped', callId: 'c', ...trip });
    expect(talk.emitted('guardrail.tripped')).toEqual([
      { type: 'guardrail.tripped', ...trip, responseId: 'r', callId: 'c' },
    ]);
  });
});

describe('nobody knew that a tool still ran', () => {
  test('after two seconds it is announced, once', () => {
    const talk = callingOf({}).wait(1900);
    expect(talk.emitted('tool.progress')).toEqual([]);
    expect(talk.wait(5000).emitted('tool.progress')).toEqual([
      { type: 'tool.progress', callId: 'c', name: 'weather', elapsedMs: 2000 },
    ]);
  });

  test('waiting to be allowed is not running', () => {
    const talk = callingOf({ mayAsk: true }).wait(5000).feed({ type: 'tool.began', callId: 'c' }).wait(1900);
    expect(talk.emitted('tool.progress')).toEqual([]);
    expect(talk.wait(200).emitted('tool.progress')).toMatchObject([{ elapsedMs: 2000 }]);
  });

  test('how far it is, is told as it says, while it runs', () => {
    const update = { type: 'tool.progressed', callId: 'c', message: 'half', progress: 1, total: 2 } as const;
    const talk = callingOf({}).wait(500).feed(update).result('c').feed(update);
    expect(talk.emitted('tool.progress')).toEqual([
      {
        type: 'tool.progress',
        callId: 'c',
        name: 'weather',
        elapsedMs: 500,
        message: 'half',
        progress: 1,
        total: 2,
      },
    ]);
  });
});

describe('a tool went on although the user had moved on', () => {
  const interruptions: [string, (talk: ScriptedTalk) => ScriptedTalk][] = [
    ['speech', (talk) => talk.model({ type: 'speech.started', itemId: 'u2' })],
    ['our own detector', (talk) => talk.feed({ type: 'user.speech' })],
    ['a typed message', (talk) => talk.feed({ type: 'user.text', text: 'never mind' })],
    ['by hand', (talk) => talk.feed({ type: 'user.interrupt' })],
    ['the server, without a word', (talk) => talk.model({ type: 'interrupted' })],
  ];

  test.each(interruptions)('it is given up and the model is told so: %s', (_how, interrupt) => {
    const talk = interrupt(callingOf({ cancelOnInterrupt: true }).forget());
    expect(talk.did('tool.cancel')).toMatchObject([{ callId: 'c' }]);
    expect(talk.emitted('tool.cancelled')).toMatchObject([{ reason: 'the user interrupted' }]);
    const outputs = talk.sent('item.create').filter(({ item }) => item.kind === 'tool.output');
    expect(outputs).toMatchObject([{ item: { callId: 'c', output: 'Cancelled: the user interrupted.' } }]);
    expect(talk.result('c').emitted('tool.finished')).toEqual([]);
  });

  test('nobody is asked to speak about it', () => {
    const talk = callingOf({ cancelOnInterrupt: true })
      .feed({ type: 'user.interrupt' })
      .acknowledge()
      .wait(5000);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('others go on', () => {
    const talk = callingOf({}).feed({ type: 'user.interrupt' });
    expect(talk.did('tool.cancel')).toEqual([]);
  });

  test('a device that is lost is no interruption', () => {
    const talk = callingOf({ cancelOnInterrupt: true }).feed({ type: 'device.lost', message: 'unplugged' });
    expect(talk.did('tool.cancel')).toEqual([]);
  });

  test('while a connection is being restored, nothing is told to one that never heard of the call', () => {
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    const tools = [{ name: 'weather', description: 'w', parameters: {}, cancelOnInterrupt: true }];
    const talk = new ScriptedTalk({}, { tools }, { reconnects: true }).turn('u').call('r', 'c');
    talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    talk.feed({ type: 'link.restored' }).model({ type: 'session.created', sessionId: 's' }).forget();
    talk.feed({ type: 'user.interrupt' }).model({ type: 'session.updated' });
    expect(talk.emitted('tool.cancelled')).toHaveLength(1);
    expect(talk.sent('item.create')).toEqual([]);
  });

  test('one that has taken the conversation up itself is told when it listens', () => {
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    const tools = [{ name: 'weather', description: 'w', parameters: {}, cancelOnInterrupt: true }];
    const talk = new ScriptedTalk({ resume: 'conversation' }, { tools }, { reconnects: true });
    talk.turn('u').call('r', 'c').feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    talk.feed({ type: 'user.interrupt' }, { type: 'link.restored', resume: 'same' }).forget();
    talk.model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' });
    expect(talk.sent('item.create')).toMatchObject([{ item: { kind: 'tool.output', callId: 'c' } }]);
  });
});

describe('a result that changes what happens next', () => {
  test('a quiet one reaches the model, which is not asked to speak', () => {
    const outcome = { kind: 'finished', output: 'noted', durationMs: 5, quiet: true } as const;
    const talk = callingOf({}).feed({ type: 'tool.ended', callId: 'c', outcome }).acknowledge().wait(5000);
    expect(talk.sent('item.create')).toMatchObject([{ item: { kind: 'tool.output', output: 'noted' } }]);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('beside others it does not keep them from being spoken about', () => {
    const outcome = { kind: 'finished', output: 'noted', durationMs: 5, quiet: true } as const;
    const talk = calling('c1', 'c2').result('c1').feed({ type: 'tool.ended', callId: 'c2', outcome });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('a failure that must not be talked over ends the session in order, answered all the same', () => {
    const outcome = {
      kind: 'failed',
      code: 'timeout',
      message: 'weather did not answer.',
      output: 'It failed.',
      durationMs: 5,
      raise: true,
    } as const;
    const talk = callingOf({}).forget().feed({ type: 'tool.ended', callId: 'c', outcome });
    expect(talk.emitted('tool.failed')).toHaveLength(1);
    expect(talk.sent('item.create')).toMatchObject([{ item: { kind: 'tool.output', output: 'It failed.' } }]);
    expect(talk.effects.at(-1)).toEqual({
      type: 'end',
      ending: { exitCode: 7, reason: 'tool.raised', message: 'weather did not answer.' },
    });
  });
});

test('a new connection is told in words of a call that it does not know, and gets the result of its own', () => {
  const ending = { exitCode: 6, reason: 'link.lost' } as const;
  const talk = new ScriptedTalk({ replay: 'none' }, {}, { reconnects: true }).turn('u').call('r', 'old');
  talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
  talk.feed({ type: 'link.restored' }).model({ type: 'session.created', sessionId: 's' });
  talk.call('r2', 'new').model({ type: 'session.updated' }).forget().result('old').result('new');
  expect(talk.sent('item.create')).toMatchObject([
    { item: { kind: 'message', role: 'user', text: expect.stringContaining('[Tool result of weather') } },
    { item: { kind: 'tool.output', callId: 'new' } },
  ]);
});

test('nor is it left unanswered when the user interrupts before', () => {
  const ending = { exitCode: 6, reason: 'link.lost' } as const;
  const talk = new ScriptedTalk({}, {}, { reconnects: true });
  talk.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
  talk.feed({ type: 'link.restored' }).model({ type: 'session.created', sessionId: 's' });
  talk.model({ type: 'response.created', responseId: 'r' }).feed({ type: 'user.interrupt' });
  expect(talk.call('r', 'c').sent('item.create')).toMatchObject([
    { item: { kind: 'tool.output', callId: 'c' } },
  ]);
});
