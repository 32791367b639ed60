import { describe, expect, test } from 'vitest';
import { ScriptedTalk } from '../support/scripted-talk.js';

function calling(): ScriptedTalk {
  return new ScriptedTalk()
    .turn('u')
    .model({ type: 'response.created', responseId: 'r' })
    .model({ type: 'server.tool.started', itemId: 'm' })
    .model({ type: 'response.done', responseId: 'r', status: 'completed' });
}

describe('a tool that the provider runs itself', () => {
  test('is thought about until it is done, then its result is asked for once', () => {
    const talk = calling();
    expect(talk.conversation.state).toBe('thinking');
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'server.tool.done', itemId: 'm' }).model({ type: 'server.tool.done', itemId: 'm' });
    expect(talk.sent('response.create')).toHaveLength(1);
    expect(talk.sent('item.create')).toEqual([]);
  });

  test('may be done before its response is', () => {
    const talk = new ScriptedTalk()
      .turn('u')
      .model({ type: 'response.created', responseId: 'r' })
      .model({ type: 'server.tool.done', itemId: 'm' });
    expect(talk.sent('response.create')).toEqual([]);
    talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('is not spoken about when the user has called the answer off', () => {
    const talk = calling().feed({ type: 'user.interrupt' }).model({ type: 'server.tool.done', itemId: 'm' });
    expect(talk.wait(1000).sent('response.create')).toEqual([]);
  });

  test('needs no answer of its own where the next turn of the user has one', () => {
    const talk = calling()
      .model({ type: 'speech.started', itemId: 'u2' })
      .model({ type: 'server.tool.done', itemId: 'm' })
      .wait(500)
      .model({ type: 'speech.stopped', itemId: 'u2' })
      .model({ type: 'input.committed', itemId: 'u2' })
      .answer('r2', 'a', 'both', 100);
    expect(talk.wait(1000).sent('response.create')).toEqual([]);
  });

  test('does not look like thinking for ever', () => {
    const talk = calling().wait(130_000);
    expect(talk.conversation.state).toBe('listening');
  });
});
