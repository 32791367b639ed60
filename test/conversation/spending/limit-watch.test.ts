import { describe, expect, test } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { Input } from '../../../src/contract/inputs.js';
import type { Limits } from '../../../src/contract/limits.js';
import type { Usage } from '../../../src/contract/usage.js';
import type { ConversationOptions } from '../../../src/conversation/conversation.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

const prices = {
  date: '2026-03-01',
  currency: 'USD',
  models: { 'sim-1': { input: { text: 1 }, output: { text: 1 } } },
};

/** Costs one dollar. */
const dollar: Usage = {
  input: { text: 1_000_000, audio: 0, image: 0, cached: 0 },
  output: { text: 0, audio: 0, image: 0, cached: 0 },
  total: 1_000_000,
};

function limited(limits: Limits, more: Partial<ConversationOptions> = {}): ScriptedTalk {
  return new ScriptedTalk({}, { transcription: {} }, { limits, prices, reconnects: true, ...more });
}

const lost: Input = {
  type: 'link.lost',
  code: 1006,
  reason: '',
  ending: { exitCode: 6, reason: 'link.lost' },
  retrying: true,
};

function restore(talk: ScriptedTalk): void {
  talk
    .feed({ type: 'link.restored' })
    .model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' });
}

const wordsOf = (itemId: string): ModelEvent => ({ type: 'user.transcript.done', itemId, text: 'Hello' });

const endings = (talk: ScriptedTalk) => talk.did('end').map(({ ending }) => ending);

describe('turns', () => {
  test('the answer to the last one is heard to its end, then the session ends in order', () => {
    const talk = limited({ maxTurns: 2 });
    talk.turn('u1').answer('r1', 'a1', 'yes', 400).rendered('a1', 400).wait(30_000);
    expect(endings(talk)).toEqual([]);
    talk.turn('u2').model(wordsOf('u2')).answer('r2', 'a2', 'and no', 400).wait(1000);
    expect(endings(talk)).toEqual([]);
    talk.rendered('a2', 400);
    expect(endings(talk)).toMatchObject([{ exitCode: 8, reason: 'limit.turns' }]);
    expect(talk.conversation.history.at(-1)).toMatchObject({ text: 'and no', state: 'done' });
  });

  test('words of the last turn that come after its answer are kept, if they come soon', () => {
    const talk = limited({ maxTurns: 1 });
    talk.turn('u1').answer('r1', 'a1', 'yes', 100).rendered('a1', 100).wait(500);
    expect(endings(talk)).toEqual([]);
    talk.model(wordsOf('u1'));
    expect(endings(talk)).toMatchObject([{ exitCode: 8, reason: 'limit.turns' }]);
    expect(talk.conversation.history[0]).toMatchObject({ text: 'Hello', state: 'done' });

    const silent = limited({ maxTurns: 1 });
    silent.turn('u1').answer('r1', 'a1', 'yes', 100).rendered('a1', 100).wait(3000);
    expect(endings(silent)).toMatchObject([{ reason: 'limit.turns' }]);
  });

  test('tools belong to the last answer', () => {
    const talk = limited({ maxTurns: 1 });
    talk.turn('u1').say('r1', 'a1', 'let me look', 200).call('r1', 'c1');
    talk
      .model({ type: 'response.done', responseId: 'r1', status: 'completed' })
      .rendered('a1', 200)
      .wait(3000);
    expect(endings(talk)).toEqual([]);
    talk.model(wordsOf('u1')).result('c1').answer('r2', 'a2', 'sunny', 100).rendered('a2', 100);
    expect(endings(talk)).toMatchObject([{ reason: 'limit.turns' }]);
  });

  test('a typed turn that follows gets no answer', () => {
    const talk = limited({ maxTurns: 1 });
    talk.turn('u1').say('r1', 'a1', 'yes', 500).rendered('a1', 100).forget();
    talk.feed({ type: 'user.text', text: 'wait' }).cleared(1, 'a1', 100);
    talk.model({ type: 'response.done', responseId: 'r1', status: 'cancelled' }).wait(200);
    expect(talk.sent('response.create')).toEqual([]);
    expect(endings(talk)).toMatchObject([{ reason: 'limit.turns' }]);
  });

  test('an answer that never comes is not waited for', () => {
    const talk = limited({ maxTurns: 1 });
    talk.turn('u1').model({ type: 'response.created', responseId: 'r1' });
    talk.model({ type: 'response.done', responseId: 'r1', status: 'failed' }).wait(19_000);
    expect(endings(talk)).toEqual([]);
    talk.wait(2000);
    expect(endings(talk)).toMatchObject([{ reason: 'limit.turns' }]);
  });

  test('a lost connection does not cost the last answer', () => {
    const talk = limited({ maxTurns: 1 });
    talk.feed({ type: 'user.text', text: 'hello' }).feed(lost).wait(5000);
    expect(endings(talk)).toEqual([]);
    restore(talk);
    talk.acknowledge().forget().answer('r1', 'a1', 'hi', 100).rendered('a1', 100);
    expect(talk.conversation.history.map((item) => item.kind === 'message' && item.text)).toEqual([
      'hello',
      'hi',
    ]);
    expect(endings(talk)).toMatchObject([{ reason: 'limit.turns' }]);
  });

  test('what was said in an earlier session does not count', () => {
    const talk = limited(
      { maxTurns: 1 },
      { history: [{ kind: 'message', itemId: 'x', role: 'user', text: 'earlier', state: 'done' }] },
    );
    talk.wait(30_000);
    expect(endings(talk)).toEqual([]);
  });
});

describe('cost', () => {
  function spend(talk: ScriptedTalk): ScriptedTalk {
    const part = { responseId: 'r1', itemId: 'a1', contentIndex: 0 };
    return talk
      .turn('u1')
      .say('r1', 'a1', 'dear', 500)
      .model(
        { type: 'audio.done', ...part },
        { type: 'response.done', responseId: 'r1', status: 'completed', usage: dollar },
      );
  }

  test('the answer that goes beyond it is heard to its end', () => {
    const talk = spend(limited({ maxCost: 1 }));
    expect(talk.wait(300).did('end')).toEqual([]);
    talk.rendered('a1', 500);
    expect(endings(talk)).toMatchObject([
      { exitCode: 8, reason: 'limit.cost', message: expect.stringContaining('1 USD') },
    ]);
  });

  test('meanwhile nothing more is asked for, and what the server begins by itself is cancelled', () => {
    const talk = spend(limited({ maxCost: 1 })).forget();
    talk.model({ type: 'response.created', responseId: 'r2' });
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'r2' }]);
    talk.say('r2', 'a2', 'more', 100).feed({ type: 'user.text', text: 'more?' });
    expect(talk.did('play')).toEqual([]);
    expect(talk.sent('response.create')).toEqual([]);
  });

  test('a connection that is lost meanwhile changes nothing, and none is needed to end', () => {
    const talk = spend(limited({ maxCost: 1 }))
      .feed(lost)
      .wait(300);
    expect(talk.did('end')).toEqual([]);
    talk.rendered('a1', 500);
    expect(endings(talk)).toMatchObject([{ reason: 'limit.cost' }]);
    expect(talk.conversation.history.at(-1)).toMatchObject({ text: 'dear', state: 'done', heardMs: 500 });

    const back = spend(limited({ maxCost: 1 })).feed(lost);
    restore(back);
    back.forget().turn('u2');
    expect(back.sent('response.create')).toEqual([]);
  });

  test('what is below it goes on', () => {
    expect(
      spend(limited({ maxCost: 1.01 }))
        .rendered('a1', 500)
        .wait(1000)
        .did('end'),
    ).toEqual([]);
  });
});

describe('time', () => {
  test('is announced a minute before, where there is more than three of it, and ends at once', () => {
    const talk = limited({ maxDurationMs: 200_000 }).wait(139_900);
    expect(talk.emitted('warning')).toEqual([]);
    talk.wait(10_000);
    expect(talk.emitted('warning')).toMatchObject([
      { code: 'limit.duration.near', message: 'The session ends in 60 s, when its time limit is reached.' },
    ]);
    talk.turn('u1').say('r1', 'a1', 'one two three four', 2000).rendered('a1', 1000).wait(60_000);
    expect(endings(talk)).toMatchObject([{ exitCode: 8, reason: 'limit.duration' }]);
    expect(talk.conversation.history.at(-1)).toMatchObject({ state: 'cut', heardMs: 1000 });
  });

  test('a short one is not announced', () => {
    const talk = limited({ maxDurationMs: 180_000 }).wait(180_000);
    expect(talk.emitted('warning')).toEqual([]);
    expect(endings(talk)).toHaveLength(1);
  });
});
