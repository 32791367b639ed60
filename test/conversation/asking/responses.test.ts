import { describe, expect, test } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

function activeResponse(eventId: string | undefined): ModelEvent {
  const code = 'conversation_already_has_active_response';
  return {
    type: 'error',
    code,
    message: code,
    fatal: false,
    source: 'provider',
    cause: 'activeResponse',
    eventId,
  };
}

/** A tool result has been sent and its answer asked for. */
function resultSent(): ScriptedTalk {
  const talk = new ScriptedTalk().turn('u').call('r', 'c');
  return talk.model({ type: 'response.done', responseId: 'r', status: 'completed' }).forget().result('c');
}

function createId(talk: ScriptedTalk): string | undefined {
  return talk.sent('response.create').at(-1)?.eventId;
}

describe('a response was already active, or two answers came', () => {
  test('a result that comes while a response is open waits for its end', () => {
    const talk = new ScriptedTalk().turn('u').call('r', 'c').result('c').acknowledge();
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('several results are followed by one answer', () => {
    const talk = new ScriptedTalk().turn('u').call('r', 'c1', 'c2', 'c3');
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    talk.result('c2').result('c1');
    expect(talk.sent('response.create')).toEqual([]);
    talk.result('c3').wait(500);
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('the answer to a turn that began meanwhile makes the waiting one obsolete', () => {
    const talk = new ScriptedTalk().turn('u').call('r', 'c');
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    talk.model({ type: 'speech.started', itemId: 'u2' }).result('c').acknowledge();
    talk.model({ type: 'speech.stopped', itemId: 'u2' }, { type: 'input.committed', itemId: 'u2' });
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'response.created', responseId: 'r2' }).answer('r2', 'a', 'both', 100).wait(20_000);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('a refused create is sent again when the other response is over, and is no error for the user', () => {
    const talk = resultSent();
    talk.model({ type: 'response.created', responseId: 'theirs' }, activeResponse(createId(talk)));
    expect(talk.sent('response.create')).toHaveLength(1);
    talk.model({ type: 'response.done', responseId: 'theirs', status: 'completed' });
    expect(talk.sent('response.create')).toHaveLength(2);
    expect(talk.emitted('error')).toEqual([]);
  });

  test('not sent again when the other response knew the result', () => {
    const talk = resultSent().acknowledge();
    talk.model({ type: 'response.created', responseId: 'theirs' }, activeResponse(createId(talk)));
    talk.model({ type: 'response.done', responseId: 'theirs', status: 'completed' }).wait(10_000);
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('a server whose response we cannot see is left in peace for a while', () => {
    const talk = resultSent();
    talk.model(activeResponse(createId(talk)));
    expect(talk.wait(2900).sent('response.create')).toHaveLength(1);
    expect(talk.wait(200).sent('response.create')).toHaveLength(2);
  });

  test('a server that always refuses is given up with one warning', () => {
    const talk = resultSent();
    for (let round = 0; round < 8; round += 1) talk.model(activeResponse(createId(talk))).wait(4000);
    expect(talk.sent('response.create')).toHaveLength(5);
    expect(talk.emitted('warning').map(({ code }) => code)).toEqual(['response.refused']);
    expect(talk.conversation.state).toBe('listening');
  });

  test('collisions long ago do not count', () => {
    const talk = resultSent();
    for (let round = 1; round <= 12; round += 1) {
      talk.model({ type: 'response.created', responseId: `theirs-${round}` }, activeResponse(createId(talk)));
      talk.say(`theirs-${round}`, `b${round}`, 'Hm', 0);
      talk.model({ type: 'response.done', responseId: `theirs-${round}`, status: 'completed' });
      talk.answer(`ours-${round}`, `a${round}`, 'so', 10).rendered(`a${round}`, 10);
      talk.turn(`u${round}`).call(`turn-${round}`, `c${round}`);
      talk
        .model({ type: 'response.done', responseId: `turn-${round}`, status: 'completed' })
        .result(`c${round}`);
    }
    expect(talk.emitted('warning')).toEqual([]);
  });

  test('a server that never announces a response opens it with the first thing it says', () => {
    const talk = resultSent().acknowledge().say('r2', 'a', 'sunny', 100);
    expect(talk.emitted('response.started')).toMatchObject([{ responseId: 'r2' }]);
    talk.model({ type: 'response.done', responseId: 'r2', status: 'completed' }).wait(20_000);
    expect(talk.sent('response.create')).toHaveLength(1);
  });
});

describe('a create in flight when the user takes the floor', () => {
  test('is cancelled by its id as soon as it opens, and nothing of it is heard', () => {
    const talk = resultSent().acknowledge();
    talk.model({ type: 'speech.started', itemId: 'u2' });
    expect(talk.sent('response.cancel')).toEqual([]);
    talk.model({ type: 'response.created', responseId: 'r2', createEventId: createId(talk) });
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'r2' }]);
    expect(talk.say('r2', 'a', 'late', 100).did('play')).toEqual([]);
  });

  test('is asked for again after a false alarm', () => {
    const talk = resultSent().acknowledge().model({ type: 'speech.started' });
    talk.model({ type: 'response.created', responseId: 'r2', createEventId: createId(talk) });
    talk.model({ type: 'response.done', responseId: 'r2', status: 'cancelled' }, { type: 'speech.stopped' });
    expect(talk.wait(2500).sent('response.create')).toHaveLength(2);
    expect(talk.emitted('warning')).toEqual([]);
  });

  test('does not cancel the server’s own answer in its place', () => {
    const talk = resultSent().acknowledge().turn('u2');
    talk.model({ type: 'response.created', responseId: 'theirs' });
    expect(talk.sent('response.cancel')).toEqual([]);
    expect(talk.say('theirs', 'a', 'yes', 100).did('play')).toHaveLength(1);
  });

  test('is not sent at all while he speaks, although it was typed for by hand', () => {
    const talk = new ScriptedTalk()
      .turn('u')
      .say('r', 'a', 'well', 500)
      .feed({ type: 'user.text', text: 'and?' });
    talk.acknowledge().model({ type: 'speech.started', itemId: 'u2' });
    talk.model({ type: 'response.done', responseId: 'r', status: 'cancelled' }).wait(1000);
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'speech.stopped', itemId: 'u2' }, { type: 'input.committed', itemId: 'u2' });
    talk.answer('r2', 'b', 'both', 100).wait(20_000);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('where a cancel is not confirmed, the response is closed by us', () => {
    const talk = new ScriptedTalk({ cancelAnswersDone: false }).feed({ type: 'user.text', text: 'hello' });
    talk.feed({ type: 'user.interrupt' }).model({ type: 'response.created', responseId: 'r' });
    expect(talk.emitted('response.done')).toMatchObject([{ responseId: 'r', status: 'cancelled' }]);
    expect(talk.conversation.state).toBe('listening');
  });
});

describe('a create that the server’s own answer overtakes', () => {
  /** Something is typed just when the server is about to answer a spoken turn. */
  function overtaken(known: boolean, echoesLearned: boolean): ScriptedTalk {
    const talk = new ScriptedTalk();
    if (echoesLearned) {
      talk.feed({ type: 'user.text', text: 'hello' });
      talk.model({ type: 'response.created', responseId: 'r', createEventId: createId(talk) });
      talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    }
    talk.turn('u').forget().feed({ type: 'user.text', text: 'and?' });
    if (known) talk.acknowledge();
    return talk.model({ type: 'response.created', responseId: 'theirs' });
  }

  test.each([true, false])('and that knew all is not heard any more (echoes known: %s)', (echoesLearned) => {
    const talk = overtaken(true, echoesLearned);
    const eventId = createId(talk);
    talk.answer('theirs', 'a', 'both', 100).wait(500);
    talk.model({ type: 'response.created', responseId: 'late', createEventId: eventId });
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'late' }]);
    expect(talk.forget().say('late', 'b', 'again', 100).did('play')).toEqual([]);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test.each([true, false])(
    'and that did not know all is heard after it (echoes known: %s)',
    (echoesLearned) => {
      const talk = overtaken(false, echoesLearned);
      const eventId = createId(talk);
      talk.answer('theirs', 'a', 'the turn', 100).wait(500);
      talk.model({ type: 'response.created', responseId: 'late', createEventId: eventId });
      expect(talk.sent('response.cancel')).toEqual([]);
      expect(talk.forget().say('late', 'b', 'and the text', 100).did('play')).toHaveLength(1);
    },
  );

  test('is given time to be refused before the next is sent', () => {
    const talk = overtaken(false, false).answer('theirs', 'a', 'the turn', 100);
    talk.feed({ type: 'user.text', text: 'more' }).wait(1400);
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.wait(200).sent('response.create')).toHaveLength(2);
  });

  test('is the only one in flight until its fate is known', () => {
    const talk = overtaken(false, true).answer('theirs', 'a', 'the turn', 100);
    talk.feed({ type: 'user.text', text: 'more' }).wait(5000);
    expect(talk.sent('response.create')).toHaveLength(1);
  });
});

describe('an answer that was called off by hand', () => {
  test('before the server has begun it, is cancelled when it begins', () => {
    const talk = new ScriptedTalk().turn('u').feed({ type: 'user.interrupt' });
    talk.model({ type: 'response.created', responseId: 'r' });
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'r' }]);
    expect(talk.say('r', 'a', 'late', 100).did('play')).toEqual([]);
  });

  test('while a tool runs: the model gets the result, but is not asked to speak', () => {
    const talk = new ScriptedTalk().turn('u').call('r', 'c');
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    talk.feed({ type: 'user.interrupt' }).result('c').wait(10_000);
    expect(talk.sent('item.create')).toMatchObject([{ item: { kind: 'tool.output', callId: 'c' } }]);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('does not take the answer to what is typed afterwards with it', () => {
    const talk = new ScriptedTalk()
      .turn('u')
      .feed({ type: 'user.interrupt' }, { type: 'user.text', text: 'and?' });
    expect(talk.sent('response.create')).toHaveLength(1);
    talk.model({ type: 'response.created', responseId: 'r' }).say('r', 'a', 'yes', 100);
    expect(talk.did('play')).toHaveLength(1);
  });
});

test('a response that was given up is still paid for, once', () => {
  const count = { text: 1, audio: 2, image: 0, cached: 0 };
  const usage = { input: count, output: count, total: 6 };
  const talk = new ScriptedTalk()
    .turn('u')
    .say('r', 'a', 'so', 100)
    .feed({ type: 'user.interrupt' })
    .wait(4000);
  expect(talk.emitted('response.done')).toMatchObject([{ responseId: 'r', status: 'cancelled' }]);
  const done: ModelEvent = { type: 'response.done', responseId: 'r', status: 'cancelled', usage };
  talk.model(done, done);
  expect(talk.emitted('usage')).toHaveLength(1);
  expect(talk.conversation.usage.total).toBe(6);
});

test('a server that opens responses without end does not fill the memory', () => {
  const talk = new ScriptedTalk();
  for (let number = 1; number <= 1000; number += 1)
    talk.model({ type: 'response.created', responseId: `r${number}` });
  talk.wait(100);
  expect(talk.emitted('response.done')).toHaveLength(984);
  expect(talk.emitted('response.done').at(-1)).toMatchObject({ responseId: 'r984', status: 'incomplete' });
  expect(talk.emitted('warning')).toMatchObject([{ code: 'response.stalled' }]);
});
