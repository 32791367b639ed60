import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaitingRequests } from '../../../src/tools/mcp/waiting-requests.js';

function waitingFor(...methods: string[]): WaitingRequests {
  const waiting = new WaitingRequests();
  methods.forEach((method, id) => {
    waiting.sent({ jsonrpc: '2.0', id, method });
  });
  return waiting;
}

const tools = { tools: [] };

describe('what a server sends', () => {
  it('becomes a message', () => {
    const waiting = waitingFor('tools/list', 'ping');
    expect(waiting.mended([{ id: 0, result: tools, error: null }])).toEqual([
      { jsonrpc: '2.0', id: 0, result: tools },
    ]);
    expect(waiting.mended({ id: '1', result: null })).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
    expect(waiting.mended({ method: 'notifications/x', params: null })).toEqual([
      { jsonrpc: '2.0', method: 'notifications/x' },
    ]);
    expect(waiting.mended({ a: 1 })).toEqual([{ a: 1 }]);
    expect(waiting.mended('text')).toEqual(['text']);
  });

  it.each<[unknown, unknown]>([
    ['it failed', { code: -32_000, message: 'it failed' }],
    [
      { code: 'E_FAIL', message: 'it failed' },
      { code: -32_000, message: 'it failed' },
    ],
    [
      { code: '-32602', message: 'it failed', data: null },
      { code: -32_602, message: 'it failed' },
    ],
    [{ detail: 'x' }, { code: -32_000, message: '{"detail":"x"}' }],
    [['a'], { code: -32_000, message: '["a"]' }],
  ])('has errors in words: %j', (error, expected) => {
    expect(waitingFor('tools/call').mended({ id: 0, error, result: null })).toEqual([
      { jsonrpc: '2.0', id: 0, error: expected },
    ]);
  });

  it('is a list of messages, whatever it is', () => {
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(null, 0, '0', 'tools/call', {}));
    const message = fc.record(
      { id: member, method: member, result: member, error: member, params: member, jsonrpc: member },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(message, fc.array(message, { maxLength: 3 }), fc.jsonValue()), (received) => {
        const mended = waitingFor('tools/call').mended(JSON.parse(JSON.stringify(received)));
        expect(JSON.parse(JSON.stringify(mended))).toEqual(mended);
      }),
    );
  });

  it('may have the id of another request, but is not taken for its answer twice', () => {
    const waiting = waitingFor('initialize');
    waiting.mended({ id: 0, result: {} });
    waiting.sent({ id: 1, method: 'tools/list' });
    expect(waiting.mended({ id: 0, result: tools })).toEqual([{ jsonrpc: '2.0', id: 1, result: tools }]);
    waiting.sent({ id: 2, method: 'tools/call' });
    waiting.mended({ id: 2, result: { content: [] } });
    waiting.sent({ id: 3, method: 'tools/call' });
    // The same answer again is not that of the next call.
    expect(waiting.mended({ id: 2, result: { content: [] } })).toMatchObject([{ id: 2 }]);
    // Two wait: nothing says whose it is.
    waiting.sent({ id: 4, method: 'tools/list' });
    expect(waiting.mended({ id: 0, result: tools })).toMatchObject([{ id: 0 }]);
  });
});
