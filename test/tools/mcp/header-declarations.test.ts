import { expect, it } from 'vitest';
import { readListedTool } from '../../../src/tools/mcp/listed-tool.js';

const header = (name: unknown, type = 'string') => ({ type, 'x-mcp-header': name });
const reasonOf = (inputSchema: unknown, headers = true) =>
  Object(readListedTool({ name: 't', inputSchema }, { headers })).why as unknown;

it('arguments may be sent as headers, at any depth', () => {
  const inner = { type: 'object', properties: { b: header('Tenant', 'integer') } };
  const schema = {
    type: 'object',
    properties: { a: header('Region'), inner, 'x-mcp-header': { type: 'string' } },
  };
  expect(reasonOf(schema)).toBeUndefined();
  const value = { type: 'object', properties: { a: { type: 'object', default: header('') } } };
  expect(reasonOf(value)).toBeUndefined();
});

it.each<[unknown, string]>([
  [{ a: header('') }, 'is not the name of a header'],
  [{ a: header('My Region') }, 'is not the name of a header'],
  [{ a: header(7) }, 'is not the name of a header'],
  [{ a: header('A'), b: header('a') }, 'names a header twice'],
  [{ a: header('A', 'number') }, 'is for texts, integers and booleans only'],
  [{ a: header('A', 'object') }, 'is for texts, integers and booleans only'],
  [{ a: { type: 'array', items: header('A') } }, 'is for arguments only'],
  [{ a: { anyOf: [header('A')] } }, 'is for arguments only'],
])('a tool that asks for it wrongly is left out: %j', (properties, reason) => {
  const schema = { type: 'object', properties };
  expect(reasonOf(schema)).toBe(`the x-mcp-header in its schema ${reason}`);
  // Only where arguments are sent as headers.
  expect(reasonOf(schema, false)).toBeUndefined();
});
