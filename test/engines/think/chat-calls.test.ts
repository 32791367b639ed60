import { describe, expect, test } from 'vitest';
import { asObject, isWholeObject } from '../../../src/engines/think/call-arguments.js';
import { toolNamed } from '../../../src/engines/think/call-name.js';
import { ChatCalls } from '../../../src/engines/think/chat-calls.js';

/** One list of pieces per chunk. */
function put(...chunks: readonly object[][]): string[] {
  const made = new ChatCalls();
  for (const pieces of chunks) made.take(pieces);
  return made.calls.map((call) => `${call.id ?? '-'} ${call.name} ${call.arguments}`);
}
const f = (name: string | null | undefined, args?: unknown) => ({ function: { name, arguments: args } });

describe('streamed calls are put together', () => {
  test.each<[string, object[][], string[]]>([
    [
      'id and name in each piece, no index',
      [[{ id: 'a', ...f('one', '{"x"') }], [{ id: 'a', ...f('one', ':1}') }]],
      ['a one {"x":1}'],
    ],
    [
      'a new id and the name in each piece, by index',
      [[{ index: 0, id: 'a', ...f('one', '{"x"') }], [{ index: 0, id: 'b', ...f('one', ':1}') }]],
      ['a one {"x":1}'],
    ],
    [
      'a new id and the name in each piece, the first without arguments',
      [[{ index: 0, id: 'a', ...f('one', '') }], [{ index: 0, id: 'b', ...f('one', '{"x":1}') }]],
      ['a one {"x":1}'],
    ],
    [
      'a new id and the name in each piece, no index',
      [[{ id: 'a', ...f('one', '{"x"') }], [{ id: 'b', ...f('one', ':1}') }]],
      ['a one {"x":1}'],
    ],
    [
      'a new id in each piece, no index, no name',
      [[{ id: 'a', ...f('one', '') }], [{ id: 'b', ...f(null, '{"x":1}') }]],
      ['a one {"x":1}'],
    ],
    [
      'arguments before the name, no index',
      [[{ id: 'a', ...f(undefined, '{"x"') }], [{ id: 'a', ...f('one', ':1}') }]],
      ['a one {"x":1}'],
    ],
    [
      'arguments before the name, neither index nor id',
      [[f(null, '{"x"')], [f('one', ':1}')]],
      ['- one {"x":1}'],
    ],
    [
      'interleaved by id',
      [
        [
          { id: 'a', ...f('one', '{"x"') },
          { id: 'b', ...f('two', '{"y"') },
        ],
        [{ id: 'b', ...f(undefined, ':2}') }],
        [{ id: 'a', ...f(undefined, ':1}') }],
      ],
      ['a one {"x":1}', 'b two {"y":2}'],
    ],
    [
      'by id, with an index that is always 0',
      [
        [{ index: 0, id: 'a', ...f('one', '{"x":1}') }],
        [{ index: 0, id: 'b', ...f('one', '') }],
        [{ index: 0, id: 'b', ...f(null, '{"x":2}') }],
      ],
      ['a one {"x":1}', 'b one {"x":2}'],
    ],
    [
      'the second call is announced with index 0, its arguments come with index 1',
      [
        [{ index: 0, id: 'a', ...f('one', '{"x":1}') }],
        [{ index: 0, id: 'b', ...f('two', '') }],
        [{ index: 1, ...f(undefined, '{"y"') }],
        [{ index: 1, ...f(undefined, ':2}') }],
      ],
      ['a one {"x":1}', 'b two {"y":2}'],
    ],
    [
      'the name in pieces',
      [[{ index: 0, id: 'a', ...f('get_') }], [{ index: 0, ...f('time', '{}') }]],
      ['a get_time {}'],
    ],
    [
      'a growing name',
      [[{ index: 0, id: 'a', ...f('get_') }], [{ index: 0, ...f('get_time', '{}') }]],
      ['a get_time {}'],
    ],
    [
      'whole calls of one tool, without id and index',
      [[f('one', '{"x":1}')], [f('one', '{"x":2}')]],
      ['- one {"x":1}', '- one {"x":2}'],
    ],
    [
      'the name once more behind a whole call',
      [[{ index: 0, id: 'a', ...f('one', '{}') }], [{ index: 0, ...f('one', '') }]],
      ['a one {}'],
    ],
    [
      'an empty id and an index',
      [[{ index: 0, id: '', ...f('one', '{}') }], [{ index: 1, id: '', ...f('two', '{}') }]],
      ['- one {}', '- two {}'],
    ],
    [
      'the same id for two calls with an index',
      [
        [
          { index: 0, id: 'a', ...f('one', '{"x":1}') },
          { index: 1, id: 'a', ...f('one', '{"x":2}') },
        ],
      ],
      ['a one {"x":1}', 'a one {"x":2}'],
    ],
    [
      'the same id for two calls in pieces',
      [
        [{ index: 0, id: 'a', ...f('one', '{"x"') }],
        [{ index: 1, id: 'a', ...f('two', '{"y"') }],
        [{ index: 0, id: 'a', ...f(null, ':1}') }],
        [{ index: 1, ...f(null, ':2}') }],
      ],
      ['a one {"x":1}', 'a two {"y":2}'],
    ],
    [
      'the same id for two calls without an index',
      [
        [
          { id: 'a', ...f('one', '{"x":1}') },
          { id: 'a', ...f('one', '{"x":2}') },
        ],
      ],
      ['a one {"x":1}', 'a one {"x":2}'],
    ],
    ['without the wrapper', [[{ id: 'a', name: 'one', arguments: { x: 1 } }]], ['a one {"x":1}']],
    ['arguments alone', [[f(null, '{}')]], []],
  ])('%s', (_name, chunks, calls) => {
    expect(put(...chunks)).toEqual(calls);
  });

  test('what comes beside a call is kept, whichever piece has it', () => {
    const made = new ChatCalls();
    made.take([{ index: 0, id: 'a', ...f('one', '{"x"') }]);
    made.take([{ index: 0, ...f(null, ':1}'), extra_content: { google: { thought_signature: 'S' } } }]);
    expect(made.calls[0]?.extras).toEqual({ extra_content: { google: { thought_signature: 'S' } } });
  });

  test('a model that never stops calling does not fill the memory', () => {
    const made = new ChatCalls();
    for (let n = 0; n < 1000; n += 1) made.take([{ id: `c${n}`, ...f('one', '{}') }]);
    expect(made.calls).toHaveLength(256);
  });
});

describe('the arguments of a call', () => {
  test.each([
    ['', '{}'],
    [' null ', '{}'],
    ['None', '{}'],
    ['""', '{}'],
    ['"null"', '{}'],
    ['"{\\"x\\":1}"', '{"x":1}'],
    ['"\\"{\\\\\\"x\\\\\\":1}\\""', '{"x":1}'],
    ['```json\n{"x":1}\n```', '{"x":1}'],
    ['```\n{"x":1}```', '{"x":1}'],
    ['{}{"x":1}', '{"x":1}'],
    ['{"x":1}<|im_end|>', '{"x":1}'],
    ['{"x":1}</tool_call>', '{"x":1}'],
    ['{"x": 1}', '{"x": 1}'],
  ])('%j are %j', (written, object) => {
    expect(asObject(written)).toBe(object);
    expect(isWholeObject(asObject(written))).toBe(true);
  });

  test.each(['{"x":', '[1]', '7', 'x = 1', '"text"', '{"x":1}}'])('%j stay as they are', (written) => {
    expect(asObject(written)).toBe(written);
    expect(isWholeObject(written)).toBe(false);
  });
});

describe('the name of a call', () => {
  const offered = ['get_time', 'echo', 'functions.own'];
  test.each([
    ['get_time', 'get_time'],
    [' get_time\n', 'get_time'],
    ['functions.get_time', 'get_time'],
    ['functions.get_time:0', 'get_time'],
    ['default_api.get_time', 'get_time'],
    ['tools::echo', 'echo'],
    ['"echo"', 'echo'],
    ['echo<|channel|>commentary', 'echo'],
    ['assistant<|channel|>commentary to=functions.echo <|constrain|>json', 'echo'],
    ['commentary to=functions.echo', 'echo'],
    ['functions.own', 'functions.own'],
    ['functions.other', 'functions.other'],
  ])('%j means %j', (written, name) => {
    expect(toolNamed(written, offered)).toBe(name);
  });
});
