import { expect, it } from 'vitest';
import { JsonLines } from '../../../src/tools/mcp/json-lines.js';

function read(text: string): { values: unknown[]; foreign: string[] } {
  const foreign: string[] = [];
  const lines = new JsonLines((line) => foreign.push(line));
  const values = text
    .split('\n')
    .map((line) => lines.push(line))
    .filter((value) => value !== undefined);
  return { values, foreign };
}

it('reads values of one line, and of several', () => {
  const message = { jsonrpc: '2.0', id: 1, result: { content: [{ text: 'a\nb' }], empty: [], none: {} } };
  const pretty = JSON.stringify(message, null, 2);
  expect(read(`${JSON.stringify(message)}\n${pretty}\n${pretty}`)).toEqual({
    values: [message, message, message],
    foreign: [],
  });
});

it('leaves out what is not JSON', () => {
  expect(read('Listening on 80\n42\n"x"\n{"id":1}')).toEqual({
    values: [{ id: 1 }],
    foreign: ['Listening on 80', '42', '"x"'],
  });
  // An object of JavaScript, printed for a developer.
  expect(read('{\n  a: 1\n}\n{\n{"id":2}')).toEqual({
    values: [{ id: 2 }],
    foreign: ['{', '  a: 1', '}', '{'],
  });
});
