import { describe, expect, test } from 'vitest';
import { ChatError, ChatStream } from '../../../src/engines/think/chat-stream.js';

function read(...chunks: readonly unknown[]): { text: string; stream: ChatStream } {
  const stream = new ChatStream();
  const text = chunks
    .map((chunk) => stream.take({ data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) }))
    .join('');
  return { text, stream };
}

const delta = (fields: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});
const calls = (...parts: object[]) => delta({ tool_calls: parts });

describe('a streamed chat completion', () => {
  test('words, the reason to stop, and tokens in a chunk without choices', () => {
    const { text, stream } = read(
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Good ' }),
      delta({ content: 'day.' }),
      delta({}, 'stop'),
      { choices: [], usage: { prompt_tokens: 12, completion_tokens: 3 } },
      '[DONE]',
    );
    expect(text).toBe('Good day.');
    expect(stream.finish).toBe('stop');
    expect(stream.usage).toEqual({ inputTokens: 12, outputTokens: 3 });
  });

  test('reasoning in a field of its own is not part of the text', () => {
    const { text, stream } = read(
      delta({ reasoning_content: 'Hm.' }),
      delta({ reasoning: 'Hm.', content: null }),
    );
    expect(text).toBe('');
    expect(stream.reasoned).toBe(true);
  });

  test('parallel calls by index, their arguments in pieces', () => {
    const { stream } = read(
      calls({ index: 0, id: 'a', function: { name: 'get_time', arguments: '{"pl' } }),
      calls({ index: 1, id: 'b', function: { name: 'get_weather', arguments: '' } }),
      calls(
        { index: 0, function: { arguments: 'ace":"Rome"}' } },
        { index: 1, function: { arguments: '{}' } },
      ),
    );
    expect(stream.calls).toEqual([
      { id: 'a', name: 'get_time', arguments: '{"place":"Rome"}' },
      { id: 'b', name: 'get_weather', arguments: '{}' },
    ]);
  });

  test('calls that come whole: without an index, or all with index 0', () => {
    const whole = (name: string, more: object = {}) => ({ ...more, function: { name, arguments: { n: 1 } } });
    expect(read(calls(whole('one'), whole('two'))).stream.calls.map(({ name }) => name)).toEqual([
      'one',
      'two',
    ]);
    const zeros = calls(whole('one', { index: 0, id: 'a' }), whole('two', { index: 0, id: 'b' }));
    expect(read(zeros).stream.calls).toEqual([
      { id: 'a', name: 'one', arguments: '{"n":1}' },
      { id: 'b', name: 'two', arguments: '{"n":1}' },
    ]);
  });

  test('no arguments are an empty object; broken ones are handed on', () => {
    const { stream } = read(
      calls({ index: 0, id: 'a', function: { name: 'one' } }),
      calls({ index: 1, id: 'b', function: { name: 'two', arguments: '{"pl' } }),
    );
    expect(stream.calls.map((call) => call.arguments)).toEqual(['{}', '{"pl']);
  });

  test('a piece of a call that was never begun is ignored', () => {
    expect(read(calls({ index: 3, function: { arguments: '{}' } })).stream.calls).toEqual([]);
  });

  test('a server that does not stream answers with the whole message', () => {
    const { text, stream } = read({
      choices: [{ message: { role: 'assistant', content: 'Good day.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    });
    expect(text).toBe('Good day.');
    expect(stream.finish).toBe('stop');
  });

  test('an error object ends it with the text of the error', () => {
    expect(() => read({ error: { message: 'out of memory', code: 500 } })).toThrow(
      new ChatError('out of memory'),
    );
    expect(() => read({ error: 'no slot' })).toThrow('no slot');
    expect(() => read('{"choices":')).toThrow(SyntaxError);
  });

  test.each([
    [{ choices: 3 }],
    [{ choices: [null] }],
    [[]],
    [{ choices: [{ delta: { content: 7, tool_calls: {} } }] }],
  ])('invalid chunks are ignored: %j', (chunk) => {
    expect(read(chunk).text).toBe('');
  });
});
