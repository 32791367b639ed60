import { describe, expect, it } from 'vitest';
import { mendedFetch } from '../../../src/tools/mcp/mended-fetch.js';

const request = { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tools/call' }) };
const answer = { jsonrpc: '2.0', id: 3, result: { content: [{ type: 'text', text: 'VALUE 42' }] } };

async function received(
  body: string | ReadableStream,
  type: string | undefined,
  init: RequestInit = request,
) {
  const headers = new Headers(type === undefined ? {} : { 'content-type': type });
  const given = new Response(body, { headers });
  if (type === undefined) given.headers.delete('content-type');
  const response = await mendedFetch(async () => given)('http://x/', init);
  return { type: response.headers.get('content-type'), text: await response.text() };
}

describe('an answer', () => {
  it.each(['application/json', 'Application/JSON; Charset=UTF-8', 'text/plain', undefined])(
    'is JSON, whatever it is called: %s',
    async (type) => {
      const { type: named, text } = await received(JSON.stringify(answer), type);
      expect(named).toBe('application/json');
      expect(JSON.parse(text)).toEqual(answer);
    },
  );

  it('may be in a list, and have any id or none: it is on its own', async () => {
    for (const id of [undefined, null, 0, 'x']) {
      const { text } = await received(JSON.stringify([{ ...answer, id: id ?? null }]), 'application/json');
      expect(JSON.parse(text)).toEqual(answer);
    }
  });

  it('is left alone if it is not a message', async () => {
    expect(await received('<p>', 'text/html')).toEqual({ type: 'text/html', text: '<p>' });
    const refused = new Response('{"error":"no"}', { status: 404 });
    expect(await mendedFetch(async () => refused)('http://x/', request)).toBe(refused);
  });
});

describe('an event stream', () => {
  const data = JSON.stringify({ ...answer, jsonrpc: undefined });
  it.each([
    [
      'with carriage returns, a comment and an empty event',
      `: hi\r\n\r\nid: 1\r\nretry: 100\r\ndata: \r\n\r\ndata: ${data}\r\n\r\n`,
    ],
    ['without the last blank line', `event: message\ndata: ${data}\n`],
    ['without any end of line', `data:${data}`],
    ['of another name', `id: 7\nevent: response\ndata: ${data}\n\n`],
  ])('has the message: %s', async (_, text) => {
    const whole = await received(text, 'text/event-stream; charset=utf-8');
    expect(whole.type).toBe('text/event-stream');
    expect(whole.text).toContain(`data: ${JSON.stringify(answer)}\n\n`);
    expect(whole.text).not.toMatch(/event: response/);
    // In pieces of any size, even between a carriage return and its line feed.
    const bytes = new TextEncoder().encode(text);
    const pieces = ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte)));
    expect((await received(pieces, 'text/event-stream')).text).toBe(whole.text);
  });

  it('keeps what is not for us as it is', async () => {
    const text = 'event: ping\ndata: {"at":1}\n\nid: 4\ndata: hello\n\n';
    expect((await received(text, 'text/event-stream', {})).text).toBe(text);
  });
});
