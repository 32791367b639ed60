import type { ChatCompletionMessageParam as Published } from 'openai/resources/chat/completions';
import { describe, expect, test } from 'vitest';
import type { ContextItem, ThinkRequest } from '../../../src/engines/core/stages.js';
import { toMessages } from '../../../src/engines/think/chat-messages.js';
import { noConcessions } from '../../../src/engines/think/concessions.js';

const said = (role: 'user' | 'assistant' | 'system', text: string): ContextItem => ({
  kind: 'message',
  itemId: 'item',
  role,
  text,
});
const call = (callId: string, args = '{}'): ContextItem => ({
  kind: 'call',
  callId,
  name: 'look',
  arguments: args,
});
const output = (callId: string): ContextItem => ({ kind: 'output', callId, output: `result of ${callId}` });

function messages(items: readonly ContextItem[], more: Partial<ThinkRequest> = {}) {
  const request = { responseId: 'r', instructions: '', tools: [], language: undefined, idle: false };
  return toMessages({ ...request, items, ...more });
}
const wireCall = (id: string, args = '{}') => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: args },
});

const serverIdOf = (id: string) => id;

describe('the conversation for a chat model', () => {
  test('one system message, at the beginning', () => {
    expect(messages([said('user', 'hi'), said('system', 'Be kind.')], { instructions: 'Be short.' })).toEqual(
      [
        { role: 'system', content: 'Be short.\n\nBe kind.' },
        { role: 'user', content: 'hi' },
      ],
    );
    expect(messages([said('user', 'hi')])).toEqual([{ role: 'user', content: 'hi' }]);
  });

  test('the two sides alternate: unheard answers are left out, and neighbours are joined', () => {
    expect(
      messages([
        said('user', 'tell me'),
        said('assistant', ''),
        said('user', 'stop'),
        said('assistant', 'Yes?'),
      ]),
    ).toEqual([
      { role: 'user', content: 'tell me\nstop' },
      { role: 'assistant', content: 'Yes?' },
    ]);
  });

  test('calls made together are one message, with the words before them and their results behind', () => {
    const items = [
      said('user', 'q'),
      said('assistant', 'Let me see.'),
      call('a'),
      call('b'),
      output('a'),
      said('user', 'hurry'),
      output('b'),
    ];
    expect(messages(items)).toEqual([
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'Let me see.', tool_calls: [wireCall('a'), wireCall('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'result of a' },
      { role: 'tool', tool_call_id: 'b', content: 'result of b' },
      { role: 'user', content: 'hurry' },
    ]);
  });

  test('a call without a result and a result without a call are left out; broken arguments stay', () => {
    expect(messages([said('user', 'q'), call('a', '{"x'), call('b'), output('a'), output('z')])).toEqual([
      { role: 'user', content: 'q' },
      { role: 'assistant', content: '', tool_calls: [wireCall('a', '{"x')] },
      { role: 'tool', tool_call_id: 'a', content: 'result of a' },
    ]);
    expect(messages([said('user', 'q'), call('a')])).toEqual([{ role: 'user', content: 'q' }]);
  });

  test('what the server sent beside its calls comes back with them, except what it refuses', () => {
    const items = [said('user', 'q'), call('a'), call('b'), output('a'), output('b')];
    const extras = new Map([
      [
        'a',
        {
          call: { extra_content: { google: { thought_signature: 'S' } } },
          message: { reasoning_content: 'Hm.' },
        },
      ],
    ]);
    const extrasOf = (id: string) => extras.get(id);
    const request = { responseId: 'r', instructions: '', tools: [], language: undefined, idle: false, items };
    expect(toMessages(request, { concessions: noConcessions, extrasOf, serverIdOf })[1]).toEqual({
      role: 'assistant',
      content: '',
      reasoning_content: 'Hm.',
      tool_calls: [
        { ...wireCall('a'), extra_content: { google: { thought_signature: 'S' } } },
        wireCall('b'),
      ],
    });
    const without = { ...noConcessions, without: new Set(['reasoning_content', 'extra_content']) };
    expect(toMessages(request, { concessions: without, extrasOf, serverIdOf })[1]).toEqual({
      role: 'assistant',
      content: '',
      tool_calls: [wireCall('a'), wireCall('b')],
    });
  });

  test('calls of another model get what a server refuses to go without', () => {
    const request = {
      responseId: 'r',
      instructions: '',
      tools: [],
      language: undefined,
      idle: false,
      items: [
        said('user', 'q'),
        call('call_0123456789', '{"x'),
        output('call_0123456789'),
        said('assistant', 'A'),
      ],
    };
    const concessions = {
      ...noConcessions,
      shortIds: true,
      wrapped: true,
      filled: new Set(['reasoning_content', 'thought_signature'] as const),
    };
    const [, made, result, told] = toMessages(request, {
      concessions,
      extrasOf: () => undefined,
      serverIdOf,
    });
    const id = expect.stringMatching(/^[a-zA-Z0-9]{9}$/);
    expect(made).toEqual({
      role: 'assistant',
      content: '',
      reasoning_content: ' ',
      tool_calls: [
        {
          ...wireCall('', '{"invalid":"{\\"x"}'),
          id,
          extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } },
        },
      ],
    });
    expect(result).toMatchObject({ role: 'tool', tool_call_id: id });
    expect(told).toEqual({ role: 'assistant', content: 'A', reasoning_content: ' ' });
    const ids = made !== undefined && 'tool_calls' in made ? made.tool_calls?.map((made) => made.id) : [];
    expect(ids).toEqual([result !== undefined && 'tool_call_id' in result ? result.tool_call_id : '']);
  });

  test('they are of the type that OpenAI publishes, which the compiler checks', () => {
    const published = messages([said('user', 'q'), call('a'), output('a')]) satisfies readonly Published[];
    expect(published).toHaveLength(3);
  });

  test('the model gets a note about the silence', () => {
    expect(messages([said('assistant', 'Yes?')], { idle: true }).at(-1)).toMatchObject({
      role: 'user',
      content: expect.stringMatching(/nothing/),
    });
  });
});
