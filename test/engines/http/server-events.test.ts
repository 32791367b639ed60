import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventData, type ServerEvent, serverEvents } from '../../../src/engines/http/server-events.js';

async function data(...chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  const found: string[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  for await (const event of eventData(bytes())) found.push(event);
  return found;
}

describe('server-sent events', () => {
  test('any line ending, comments, other fields, several lines, no space behind the colon', async () => {
    expect(await data('data: a\n\ndata: b\r\n\r\ndata: c\r\r')).toEqual(['a', 'b', 'c']);
    expect(await data(': ping\n\nevent: x\nid: 7\nretry: 5\ndata:a\ndata: b\n\n')).toEqual(['a\nb']);
    expect(await data('data\n\ndatum: 1\n\ndata:  two spaces\n\n')).toEqual(['', ' two spaces']);
    expect(await data('\uFEFFdata: a\n\n')).toEqual(['a']);
  });

  test('the last event counts without an empty line behind it', async () => {
    expect(await data('data: a\n\ndata: [DONE]')).toEqual(['a', '[DONE]']);
    expect(await data('data: a\r')).toEqual(['a']);
  });

  test('cut anywhere, inside letters and line endings too, the events are the same', async () => {
    const text = ': hi\r\ndata: {"a":"grüße 🌍"}\r\n\r\ndata: b\rdata: c\n\ndata: [DONE]\r\n\r\n';
    const bytes = Buffer.from(text);
    const whole = await data(bytes);
    expect(whole).toEqual(['{"a":"grüße 🌍"}', 'b\nc', '[DONE]']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, n) => bytes.subarray(places[n], end));
        expect(await data(...chunks)).toEqual(whole);
      }),
    );
  });

  test.each<[string, string, [string | undefined, string, boolean][]]>([
    [
      'names',
      'event: error\ndata: a\n\ndata: b\n\n',
      [
        ['error', 'a', false],
        [undefined, 'b', false],
      ],
    ],
    ['a name behind the data', 'data: a\nevent: error\n\n', [['error', 'a', false]]],
    [
      'no empty line between events',
      'event: x\ndata: {"a":1}\nevent: y\ndata: {"a":2}\ndata: [DONE]\n',
      [
        ['x', '{"a":1}', false],
        ['y', '{"a":2}', false],
        [undefined, '[DONE]', false],
      ],
    ],
    ['JSON in several data lines', 'data: {\ndata: "a":1}\n\n', [[undefined, '{\n"a":1}', false]]],
    ['the field twice', 'data: data: {"a":1}\n\n', [[undefined, '{"a":1}', false]]],
    [
      'lines of JSON',
      '{"a":1}\n\n{"a":2}',
      [
        [undefined, '{"a":1}', true],
        [undefined, '{"a":2}', true],
      ],
    ],
    ['JSON on several lines', '{\n  "a": [\n  ]\n}\n', [[undefined, '{\n  "a": [\n  ]\n}', true]]],
    ['JSON that breaks off', '{\n  "a": [', [[undefined, '{\n  "a": [', true]]],
    [
      'JSON that is none, and then events',
      '[INFO] ready\ndata: {"a":1}\n\n',
      [
        [undefined, '[INFO] ready', true],
        [undefined, '{"a":1}', false],
      ],
    ],
    ['plain text', 'Out of memory\n', [[undefined, 'Out of memory', true]]],
  ])('what servers send instead: %s', async (_name, text, expected) => {
    const found: ServerEvent[] = [];
    async function* bytes(): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from(text);
    }
    for await (const event of serverEvents(bytes())) found.push(event);
    expect(found.map(({ name, data, bare }) => [name, data, bare])).toEqual(expected);
  });

  test('a line that never ends does not fill the memory', async () => {
    const half = 'x'.repeat(600_000);
    await expect(data(half, half)).rejects.toThrow(RangeError);
    await expect(data(`data: ${half}\n`, `data: ${half}\n`)).rejects.toThrow(RangeError);
    await expect(data(`{\n${half}\n`, `${half}\n`)).rejects.toThrow(RangeError);
  });
});
