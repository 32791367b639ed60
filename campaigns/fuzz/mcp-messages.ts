import { isObject } from '../../src/base/json.js';
import { ToolError } from '../../src/tools/definition/tool-error.js';
import { callResult } from '../../src/tools/mcp/call-result.js';
import { JsonLines } from '../../src/tools/mcp/json-lines.js';
import { LineSplitter } from '../../src/tools/mcp/line-splitter.js';
import { readListedTool } from '../../src/tools/mcp/listed-tool.js';
import { mendedResult } from '../../src/tools/mcp/mended-result.js';
import { mutateJson } from '../fuzzing/mutate-json.js';
import { mutateText } from '../fuzzing/mutate-text.js';
import type { FuzzTarget } from '../fuzzing/target.js';

const tool = {
  name: 'search',
  title: 'Search',
  description: 'Searches.',
  inputSchema: {
    type: 'object',
    properties: {
      q: { type: 'string', pattern: '(?P<x>a+)+$' },
      n: { $ref: '#/$defs/n' },
      u: { anyOf: [{}, true] },
    },
    $defs: { n: { type: ['integer', 'null'] } },
    required: ['q'],
  },
};
const parts = [
  { type: 'text', text: 'found' },
  { type: 'image', data: 'AAAA', mimeType: 'image/png' },
  { type: 'resource', resource: { uri: 'a:b', text: 'x', mimeType: 'text/plain' } },
  { type: 'resource_link', uri: 'a:b', name: 'n', description: 'd' },
];
const results = {
  initialize: {
    protocolVersion: '2025-06-18',
    capabilities: { tools: {} },
    serverInfo: { name: 's', version: '1' },
  },
  'tools/list': { tools: [tool, tool], nextCursor: 'x' },
  'tools/call': { content: parts, structuredContent: { a: 1 }, isError: false },
  'server/discover': { supportedVersions: ['2026-07-28'], capabilities: {} },
} as const;
const methods = Object.keys(results);
const seeds: readonly unknown[] = [...Object.values(results), tool, ...parts];

export const target: FuzzTarget = {
  about: 'messages of MCP servers: lines, tools in lists, results of calls',
  attempt(random) {
    const method = random.pick(methods);
    const result = mutateJson(Object.entries(results).find(([name]) => name === method)?.[1], seeds, random);
    const message = `{"jsonrpc":"2.0","id":1,"result":${result}}`;
    const lines = random.pick([
      message,
      message.replaceAll(',', ',\n'),
      `log\n${message}\n`,
      mutateText(message, ['\n'], random),
    ]);
    const pieceBytes = 1 + random.below(64);
    return { shown: JSON.stringify([method, lines]), run: () => read(method, `${lines}\n`, pieceBytes) };
  },
};

function read(method: string, text: string, pieceBytes: number): void {
  const values: unknown[] = [];
  const json = new JsonLines(() => {});
  const splitter = new LineSplitter(
    (line) => values.push(json.push(line)),
    () => {},
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) splitter.push(bytes.subarray(at, at + pieceBytes));
  for (const value of values) if (isObject(value)) use(method, mendedResult(method, value.result));
}

function use(method: string, result: unknown): void {
  if (!isObject(result)) return;
  if (method === 'tools/list' && Array.isArray(result.tools)) {
    for (const entry of result.tools.slice(0, 20)) {
      const read = readListedTool(entry);
      if (typeof read.name !== 'string' || read.name === '') throw new Error('a tool without a name');
    }
  }
  if (method !== 'tools/call') return;
  try {
    const { content, structuredContent, isError } = result;
    const told = callResult({ content, structuredContent, isError: isError === true });
    if (told !== undefined && typeof told !== 'string') throw new Error('a result that is no text');
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
  }
}
