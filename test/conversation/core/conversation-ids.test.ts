import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/contract/connection-id.js';
import { ConversationIds } from '../../../src/conversation/core/conversation-ids.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

const newCallId = () => 'vt_call_1';

function committed(ids: ConversationIds, itemId: string): string | undefined {
  const event = ids.inward({ type: 'input.committed', itemId });
  return 'itemId' in event ? event.itemId : undefined;
}

function deleted(ids: ConversationIds, itemId: string): string | undefined {
  const command = ids.outward({ type: 'item.delete', itemId }, newCallId);
  return 'itemId' in command ? command.itemId : undefined;
}

describe('ids of a provider that counts from one on every connection', () => {
  it('are its own on the first connection, and get a suffix where one comes again', () => {
    const ids = new ConversationIds();
    expect(['item_1', 'item_2', 'item_1'].map((id) => committed(ids, id))).toEqual([
      'item_1',
      'item_2',
      'item_1',
    ]);
    ids.connectionBegins(false);
    expect(['item_1', 'item_3', 'item_1'].map((id) => committed(ids, id))).toEqual([
      'item_1~2',
      'item_3',
      'item_1~2',
    ]);
    ids.connectionBegins(false);
    expect(committed(ids, 'item_1')).toBe('item_1~3');
  });

  it('are its own again on the way out', () => {
    const ids = new ConversationIds();
    committed(ids, 'item_1');
    ids.connectionBegins(false);
    expect(deleted(ids, committed(ids, 'item_1') ?? '')).toBe('item_1');
    expect(deleted(ids, committed(ids, 'item_2') ?? '')).toBe('item_2');
    // One that looks like ours is told apart, too.
    expect(deleted(ids, committed(ids, 'item_2~2') ?? '')).toBe('item_2~2');
  });

  it('are the same in every place that names them', () => {
    const ids = new ConversationIds();
    const called = {
      type: 'tool.called',
      responseId: 'r',
      itemId: 'i',
      callId: 'c',
      name: 'x',
      arguments: '',
    } as const;
    ids.inward(called);
    ids.connectionBegins(false);
    expect(ids.inward(called)).toMatchObject({ responseId: 'r~2', itemId: 'i~2', callId: 'c~2' });
    expect(ids.inward({ type: 'tool.call.cancelled', callIds: ['c', 'd'] })).toMatchObject({
      callIds: ['c~2', 'd'],
    });
    const item = { itemId: 'i', kind: 'tool.call', callId: 'c' } as const;
    expect(ids.inward({ type: 'item.added', item, previousItemId: 'i' })).toMatchObject({
      item: { itemId: 'i~2', callId: 'c~2' },
      previousItemId: 'i~2',
    });
    const output = { kind: 'tool.output', itemId: 'vt_result_1', callId: 'c~2', output: '' } as const;
    expect(ids.outward({ type: 'item.create', item: output }, newCallId)).toMatchObject({
      item: { callId: 'c' },
    });
    expect(ids.outward({ type: 'response.cancel', responseId: 'r~2' }, newCallId)).toMatchObject({
      responseId: 'r',
    });
  });

  it('stay where the provider takes its conversation up, but for those that its codec makes up', () => {
    const ids = new ConversationIds();
    committed(ids, 'item_1');
    ids.connectionBegins(false);
    committed(ids, 'item_1');
    expect(committed(ids, connectionId('turn', 1))).toBe('local_turn_1~2');
    ids.connectionBegins(true);
    expect(committed(ids, 'item_1')).toBe('item_1~2');
    expect(deleted(ids, 'item_1~2')).toBe('item_1');
    expect(committed(ids, connectionId('turn', 1))).toBe('local_turn_1~3');
  });

  it('are told apart however many came between, in bounded memory', () => {
    const ids = new ConversationIds();
    for (let count = 1; count <= 50_000; count += 1) committed(ids, `item_${count}`);
    ids.connectionBegins(false);
    expect(committed(ids, 'item_1')).toBe('item_1~2');
    expect(committed(ids, 'item_50001')).toBe('item_50001');
  });
});

describe('a call of an earlier connection', () => {
  const told = {
    kind: 'tool.call',
    itemId: 'vt_replay_1',
    callId: 'call_1',
    name: 'x',
    arguments: '',
  } as const;

  it('is told under an id that the provider cannot give, and answered under it', () => {
    const ids = new ConversationIds();
    ids.inward({
      type: 'tool.called',
      responseId: 'r',
      itemId: 'i',
      callId: 'call_1',
      name: 'x',
      arguments: '',
    });
    ids.connectionBegins(false);
    expect(ids.outward({ type: 'item.create', item: told }, newCallId)).toMatchObject({
      item: { callId: 'vt_call_1' },
    });
    const output = (callId: string) =>
      ids.outward({ type: 'item.create', item: { kind: 'tool.output', callId, output: '' } }, newCallId);
    expect(output('call_1')).toMatchObject({ item: { callId: 'vt_call_1' } });
    const again = {
      type: 'tool.called',
      responseId: 'r',
      itemId: 'i',
      callId: 'call_1',
      name: 'x',
      arguments: '',
    } as const;
    expect(ids.inward(again)).toMatchObject({ callId: 'call_1~2' });
    expect(output('call_1~2')).toMatchObject({ item: { callId: 'call_1' } });
  });
});

describe('a conversation on two connections that count alike', () => {
  const ending = { exitCode: 6, reason: 'link.lost' } as const;

  function talkOnTwo(): ScriptedTalk {
    const talk = new ScriptedTalk({}, { transcription: {} }, { reconnects: true });
    talk.turn('item_1').model({ type: 'user.transcript.done', itemId: 'item_1', text: 'One.' });
    talk.model({
      type: 'tool.called',
      responseId: 'resp_1',
      itemId: 'item_2',
      callId: 'call_1',
      name: 'dice',
      arguments: '{}',
    });
    talk.feed(
      { type: 'link.lost', code: 1006, reason: '', ending, retrying: true },
      { type: 'link.restored' },
    );
    return talk.model({ type: 'session.created', sessionId: 's' }, { type: 'session.updated' }).forget();
  }

  it('runs and answers a call of each, also where both run at once', () => {
    const talk = talkOnTwo();
    talk.turn('item_1').model({
      type: 'tool.called',
      responseId: 'resp_1',
      itemId: 'item_2',
      callId: 'call_1',
      name: 'dice',
      arguments: '{}',
    });
    expect(talk.did('tool.run')).toMatchObject([{ callId: 'call_1~2', responseId: 'resp_1~2' }]);
    talk.result('call_1~2').result('call_1');
    const answers = talk.sent('item.create').map(({ item }) => 'callId' in item && item.callId);
    expect(answers).toEqual(['call_1', expect.stringMatching(/^vt_call_/)]);
    const calls = talk.conversation.history.filter(({ kind }) => kind === 'tool');
    expect(calls).toMatchObject([
      { callId: 'call_1', state: 'done' },
      { callId: 'call_1~2', state: 'done' },
    ]);
  });

  it('keeps the turns of both, and truncates the answer that plays', () => {
    const talk = talkOnTwo();
    talk.turn('item_1').model({ type: 'user.transcript.done', itemId: 'item_1', text: 'Two.' });
    talk.say('resp_1', 'item_2', 'A long answer.', 2000).rendered('item_2~2', 500).forget();
    talk.model({ type: 'speech.started', itemId: 'item_3' });
    talk.feed({
      type: 'playback.cleared',
      epoch: 1,
      parts: [{ itemId: 'item_2~2', contentIndex: 0, samples: 24 * 600 }],
    });
    expect(talk.sent('item.truncate')).toMatchObject([{ itemId: 'item_2', audioEndMs: 600 }]);
    const texts = talk.conversation.history.map((item) => [
      item.itemId,
      item.kind === 'message' && item.text,
    ]);
    expect(texts).toMatchObject([
      ['item_1', 'One.'],
      ['item_2', false],
      ['item_1~2', 'Two.'],
      ['item_2~2', expect.any(String)],
    ]);
  });
});

describe('whatever ids a provider and a program use', () => {
  const anyId = fc
    .tuple(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom('', '~1', '~2', '~3', '~1~1', '~1.2'))
    .map(([base, suffix]) => base + suffix);
  const act = fc.oneof(
    { weight: 6, arbitrary: anyId.map((id) => ({ type: 'provider', id }) as const) },
    { weight: 2, arbitrary: anyId.map((id) => ({ type: 'program', id }) as const) },
    { weight: 1, arbitrary: fc.constant({ type: 'connection' } as const) },
  );

  it('names are stable on a connection, unique in the conversation, and the provider’s own on the way out', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const ids = new ConversationIds();
        const used = new Set<string>();
        const names = new Map<string, string>();
        for (const step of acts) {
          if (step.type === 'connection') {
            ids.connectionBegins(false);
            names.clear();
          } else if (step.type === 'program') {
            const owner = [...names].find(([, name]) => name === step.id)?.[0];
            const other = ids.items.claim(step.id);
            used.add(step.id);
            expect(other === undefined).toBe(owner === undefined);
            if (owner === undefined || other === undefined) continue;
            expect(used.has(other)).toBe(false);
            used.add(other);
            names.set(owner, other);
          } else {
            const name = ids.items.inward(step.id);
            const known = names.get(step.id);
            if (known === undefined) expect(used.has(name)).toBe(false);
            else expect(name).toBe(known);
            if (known === undefined && !used.has(step.id) && !step.id.includes('~'))
              expect(name).toBe(step.id);
            used.add(name);
            names.set(step.id, name);
          }
          for (const [wireId, name] of names) expect(ids.items.outward(name)).toBe(wireId);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a server that numbers the calls of each answer', () => {
  const done = (responseId: string) => ({ type: 'response.done', responseId, status: 'completed' }) as const;

  it('has every call run and answered by the id it gave', () => {
    const talk = new ScriptedTalk().turn('u');
    for (const responseId of ['r1', 'r2', 'r3']) {
      const call = {
        responseId,
        itemId: `item-${responseId}`,
        callId: 'call_0',
        name: 'weather',
        arguments: '{}',
      };
      talk.forget().model({ type: 'tool.called', ...call }, done(responseId));
      const [run] = talk.did('tool.run');
      expect(run).toBeDefined();
      talk.result(run?.callId ?? '');
      expect(talk.sent('item.create').map(({ item }) => item)).toMatchObject([{ callId: 'call_0' }]);
      talk.acknowledge();
    }
    const calls = talk.conversation.history.filter(({ kind }) => kind === 'tool');
    expect(new Set(calls.map((item) => item.kind === 'tool' && item.callId)).size).toBe(3);
  });

  it('but what is said twice in one answer is one call', () => {
    const talk = new ScriptedTalk().turn('u').call('r1', 'call_0');
    const again = { responseId: 'r1', itemId: 'another', callId: 'call_0', name: 'weather', arguments: '{}' };
    talk.result('call_0').model({ type: 'tool.called', ...again }, done('r1'));
    expect(talk.did('tool.run')).toHaveLength(1);
  });
});
