import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { toneVoice } from '../../src/engines/speak/tones.js';
import { type LocalServerOptions, startLocalServer } from '../../src/simulator/server.js';
import { record } from './session-driver.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function start(options: LocalServerOptions = {}) {
  const server = await startLocalServer({ voice: toneVoice, pace: 1000, ...options });
  cleanUps.push(() => server.close());
  return server;
}

/** A raw client: frames as they come, and how the connection ended. */
class RawClient {
  readonly events: Record<string, unknown>[] = [];
  closed: { code: number; reason: string } | undefined;
  refused: { status: number; body: unknown } | undefined;
  readonly socket: WebSocket;

  constructor(url: string, options: WebSocket.ClientOptions = {}, protocols: string[] = []) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data) => this.events.push(record(JSON.parse(String(data)))));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    this.socket.on('error', () => {});
    this.socket.on('unexpected-response', (_, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => {
        this.refused = { status: response.statusCode ?? 0, body: JSON.parse(body) };
      });
    });
  }

  send(...events: object[]): void {
    for (const event of events) this.socket.send(JSON.stringify(event));
  }

  async until(what: string, happened: () => boolean): Promise<void> {
    const deadline = Date.now() + 5000;
    while (!happened()) {
      if (Date.now() > deadline) throw new Error(`waited for ${what}; have ${JSON.stringify(this.events)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async event(type: string): Promise<Record<string, unknown>> {
    await this.until(type, () => this.events.some((event) => event.type === type));
    return record(this.events.findLast((event) => event.type === type));
  }
}

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const hello = [
  {
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] },
  },
  { type: 'response.create' },
];

describe('connecting', () => {
  test('the server speaks first and answers', async () => {
    const { url } = await start();
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime$/);
    const client = new RawClient(`${url}?model=gpt-realtime`);
    expect(record((await client.event('session.created')).session).model).toBe('gpt-realtime');
    client.send(...hello);
    await client.event('response.done');
  });

  test('any path that ends in /realtime is accepted, and the model has a default', async () => {
    const { port } = await start();
    const client = new RawClient(`ws://127.0.0.1:${port}/openai/realtime`);
    expect(record((await client.event('session.created')).session).model).toBe('gpt-realtime-2.1');
  });

  test.each<[string, number, string, WebSocket.ClientOptions, string[]]>([
    ['no key', 401, 'missing_api_key', {}, []],
    ['a wrong key', 401, 'invalid_api_key', bearer('sk-wrong'), []],
    [
      'a wrong key among the subprotocols',
      401,
      'invalid_api_key',
      {},
      ['realtime', 'openai-insecure-api-key.no'],
    ],
  ])('%s is refused', async (_, status, code, options, protocols) => {
    const { url } = await start({ token: 'secret' });
    const client = new RawClient(url, options, protocols);
    await client.until('the refusal', () => client.refused !== undefined);
    expect(client.refused).toMatchObject({
      status,
      body: { error: { type: 'invalid_request_error', code } },
    });
    expect(JSON.stringify(client.refused)).not.toContain('secret');
  });

  test('the key may come as header or as subprotocol', async () => {
    const { url } = await start({ token: 'secret' });
    await new RawClient(url, bearer('secret')).event('session.created');
    const browser = new RawClient(url, {}, ['realtime', 'openai-insecure-api-key.secret']);
    await browser.event('session.created');
    expect(browser.socket.protocol).toBe('realtime');
  });

  test.each([
    ['/v1/chat', 404, 'not_found'],
    ['/v1/realtime?call_id=nobody', 404, 'call_not_found'],
    ['/v1/realtime?call_id=rtc_1&model=m', 400, 'unsupported_parameter'],
  ])('%s is refused', async (path, status, code) => {
    const { port } = await start();
    const client = new RawClient(`ws://127.0.0.1:${port}${path}`);
    await client.until('the refusal', () => client.refused !== undefined);
    expect(client.refused).toMatchObject({ status, body: { error: { code } } });
  });

  test('a path that is not a URL is refused like any other', async () => {
    const { port } = await start();
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          'GET // HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        );
      });
      socket.once('data', (data) => resolve(String(data))).once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('plain HTTP gets 426', async () => {
    const { port } = await start();
    const response = await fetch(`http://127.0.0.1:${port}/v1/realtime`);
    expect(response.status).toBe(426);
    expect(await response.json()).toMatchObject({ error: { code: 'upgrade_required' } });
  });

  test('the old dialect gets one error and close code 4000', async () => {
    const { url } = await start();
    const client = new RawClient(url, { headers: { 'OpenAI-Beta': 'realtime=v1' } });
    await client.until('the end', () => client.closed !== undefined);
    expect(client.events).toMatchObject([{ type: 'error', error: { code: 'beta_api_shape_disabled' } }]);
    expect(client.closed).toEqual({ code: 4000, reason: 'invalid_request_error.beta_api_shape_disabled' });
  });

  test('over TLS', async () => {
    const read = (name: string) => readFile(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));
    const [cert, key] = await Promise.all([read('certificate'), read('key')]);
    const { url } = await start({ tls: { cert, key } });
    expect(url).toMatch(/^wss:/);
    await new RawClient(url, { ca: cert }).event('session.created');
  });
});

describe('other dialects over a socket', () => {
  test('are found at their own address', async () => {
    const { url, dialect } = await start({ dialect: 'dashscope' });
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/api-ws\/v1\/realtime$/);
    expect(dialect.id).toBe('dashscope');
    const client = new RawClient(`${url}?model=qwen3-omni-flash-realtime`);
    expect(record((await client.event('session.created')).session).voice).toBe('Cherry');
  });

  test('refuse in their own words', async () => {
    const { url } = await start({ dialect: 'azure', dialectOptions: { deployments: ['mine'] } });
    const client = new RawClient(`${url}?model=yours`);
    await client.until('the refusal', () => client.refused !== undefined);
    expect(client.refused).toMatchObject({ status: 404, body: { error: { code: 'DeploymentNotFound' } } });
    await new RawClient(`${url}?model=mine`).event('session.created');
  });

  test('let in, explain and close', async () => {
    const lines: string[] = [];
    const { url } = await start({ dialect: 'yandex', log: (line) => lines.push(line) });
    const client = new RawClient(`${url}?model=short`);
    await client.until('the end', () => client.closed !== undefined);
    expect(client.events).toMatchObject([{ type: 'error' }]);
    expect(client.closed).toEqual({ code: 1008, reason: 'Invalid model URI' });
    await client.until('the log', () => lines.length === 2);
    expect(lines[0]).toMatch(/^connected 127\.0\.0\.1:\d+ and dismissed$/);
  });

  test('choose the subprotocol that carries the key, where nothing else is offered', async () => {
    const { url } = await start({ dialect: 'xai', token: 'secret' });
    const browser = new RawClient(url, {}, ['xai-client-secret.secret']);
    await browser.event('conversation.created');
    expect(browser.socket.protocol).toBe('xai-client-secret.secret');
  });

  test('remember conversations from one connection to the next', async () => {
    const lines: string[] = [];
    const { url } = await start({ dialect: 'xai', log: (line) => lines.push(line) });
    const first = new RawClient(url);
    const { conversation } = await first.event('conversation.created');
    first.send({ type: 'session.update', session: { resumption: { enabled: true } } }, hello[0] ?? {});
    await first.event('conversation.item.added');
    first.socket.close();
    await first.until('the log', () => lines.length === 2);
    const next = new RawClient(`${url}?conversation_id=${String(record(conversation).id)}`);
    expect(await next.event('conversation.item.added')).toMatchObject({ item: { role: 'user' } });
  });
});

describe('a running server', () => {
  test('keeps many sessions apart', async () => {
    const { url } = await start();
    const clients = Array.from({ length: 20 }, () => new RawClient(url));
    await Promise.all(clients.map((client) => client.event('session.created')));
    for (const [index, client] of clients.entries()) {
      client.send({ type: 'session.update', session: { type: 'realtime', instructions: `number ${index}` } });
      client.send(...hello);
    }
    await Promise.all(clients.map((client) => client.event('response.done')));
    for (const [index, client] of clients.entries()) {
      expect(record((await client.event('session.updated')).session).instructions).toBe(`number ${index}`);
      expect(client.events.filter(({ type }) => type === 'response.done')).toHaveLength(1);
    }
    const ids = clients.map((client) => record(client.events[0]?.session).id);
    expect(new Set(ids).size).toBe(20);
  });

  test('reads binary frames as text, and survives broken ones', async () => {
    const { url } = await start();
    const client = new RawClient(url);
    await client.event('session.created');
    client.socket.send(Buffer.from(JSON.stringify({ type: 'response.cancel' })));
    expect(await client.event('error')).toMatchObject({ error: { code: 'response_cancel_not_active' } });
    client.socket.send(Buffer.from([0xff, 0xfe, 0]));
    await client.until(
      'a second error',
      () => client.events.filter(({ type }) => type === 'error').length === 2,
    );
    expect(client.closed).toBeUndefined();
  });

  test('survives clients that leave in the middle of a sentence', async () => {
    const { url } = await start({ pace: 1 });
    const client = new RawClient(url);
    await client.event('session.created');
    client.send(...hello);
    await client.event('response.output_audio.delta');
    client.socket.terminate();
    await new RawClient(url).event('session.created');
  });

  test('closes its connections when it closes, and may be closed twice', async () => {
    const server = await start();
    const client = new RawClient(server.url);
    await client.event('session.created');
    await Promise.all([server.close(), server.close()]);
    await client.until('the end', () => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 1001, reason: 'server shutting down' });
    await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow();
  });

  test('breaks the connection for 1006, which no close frame may carry', async () => {
    const { url } = await start({
      scenario: {
        voice: 'tone',
        pace: 'fast',
        repeat: false,
        turns: [{ said: 'x', faults: { close: { code: 1006, reason: '', afterDeltas: 1 } } }],
      },
    });
    const client = new RawClient(url);
    await client.event('session.created');
    client.send(...hello);
    await client.until('the end', () => client.closed !== undefined);
    expect(client.closed?.code).toBe(1006);
  });

  test('reports connections without their keys', async () => {
    const lines: string[] = [];
    const { url } = await start({ token: 'secret', log: (line) => lines.push(line) });
    const client = new RawClient(`${url}?model=m`, bearer('secret'));
    await client.event('session.created');
    client.socket.close(1000);
    await client.until('the log', () => lines.length === 2);
    expect(lines.join('\n')).toMatch(
      /^connected 127\.0\.0\.1:\d+ model m\nclosed 127\.0\.0\.1:\d+ code 1000$/,
    );
  });
});
