import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { ConnectionEnded } from '../../src/testing/scripted-connection.js';
import { ScriptedServer, type ScriptedServerOptions } from '../../src/testing/scripted-server.js';

async function serve(options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(options);
  onTestFinished(() => server.stop());
  return server;
}

/** A client whose answers to the server are in the test. */
async function open(url: string, options: WebSocket.ClientOptions = {}): Promise<WebSocket> {
  const client = new WebSocket(url, ['realtime', 'beta'], options);
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  return client;
}

function message(client: WebSocket): Promise<unknown> {
  return new Promise((resolve) =>
    client.once('message', (data, isBinary) => resolve(isBinary ? data : String(data))),
  );
}

describe('a scripted server', () => {
  it('knows what a client asked for', async () => {
    const server = await serve();
    await open(`${server.url}/v1/realtime?model=m`, { headers: { Authorization: 'Bearer k' } });
    const { request } = await server.connection();
    expect(request).toMatchObject({
      path: '/v1/realtime?model=m',
      headers: { authorization: 'Bearer k' },
      protocols: ['realtime', 'beta'],
    });
    expect(server.requests).toEqual([request]);
  });

  it('sends text, bytes and objects, and keeps what it gets', async () => {
    const server = await serve();
    const client = await open(server.url);
    const connection = await server.connection();
    for (const [sent, got] of [
      ['hello', 'hello'],
      [{ type: 'x' }, '{"type":"x"}'],
      [new Uint8Array([1, 2]), Buffer.from([1, 2])],
    ] as const) {
      const next = message(client);
      connection.send(sent);
      expect(await next).toEqual(got);
    }
    client.send('{"type":"a"}');
    client.send(new Uint8Array([3]));
    client.send('[]');
    await connection.receive(({ frame }) => frame === '[]');
    expect(connection.received).toEqual([
      { frame: '{"type":"a"}', json: { type: 'a' } },
      { frame: new Uint8Array([3]), json: {} },
      { frame: '[]', json: {} },
    ]);
  });

  it('receives in order, and passes over what is not asked for', async () => {
    const server = await serve({ timeoutMs: 50 });
    const client = await open(server.url);
    const connection = await server.connection();
    for (const n of [1, 2, 3]) client.send(JSON.stringify({ n }));
    expect(await connection.receive()).toMatchObject({ json: { n: 1 } });
    expect(await connection.receive(({ json }) => json.n === 3)).toMatchObject({ json: { n: 3 } });
    expect(await connection.seen(({ json }) => json.n === 2)).toMatchObject({ json: { n: 2 } });
    await expect(connection.seen(({ json }) => json.n === 4)).rejects.toThrow(
      'No such frame came within 50 ms.',
    );
    await expect(connection.receive(({ json }) => json.n === 2)).rejects.toThrow(
      'No such frame came within 50 ms. Received: {"n":1}, {"n":2}, {"n":3}.',
    );
  });

  it('says that no connection came', async () => {
    const server = await serve({ timeoutMs: 30 });
    await expect(server.connection()).rejects.toThrow(
      'No connection came within 30 ms; 0 were asked for so far.',
    );
  });

  it('turns clients away with status, headers and body', async () => {
    const server = await serve();
    server.refuse({ status: 429, body: '{"error":"slow down"}', headers: { 'Retry-After': '7' } });
    const client = new WebSocket(server.url);
    const refusal = await new Promise((resolve) => {
      client.on('error', () => {});
      client.once('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('end', () => resolve([response.statusCode, response.headers['retry-after'], body]));
      });
    });
    expect(refusal).toEqual([429, '7', '{"error":"slow down"}']);
    server.refuse(({ path }) => (path === '/no' ? { status: 404 } : undefined));
    await expect(open(`${server.url}/no`)).rejects.toThrow('404');
    await open(`${server.url}/yes`);
    server.refuse(null);
    await open(`${server.url}/no`);
    expect(server.requests).toHaveLength(4);
    expect(server.connections).toHaveLength(2);
  });

  it('closes with a code, or breaks off', async () => {
    const server = await serve();
    const ended = async () => {
      const client = await open(server.url);
      return new Promise((resolve) =>
        client.once('close', (code, reason) => resolve([code, String(reason)])),
      );
    };
    const first = ended();
    await (await server.connection()).close(4001, 'enough');
    expect(await first).toEqual([4001, 'enough']);
    const second = ended();
    expect(await (await server.connection()).drop()).toMatchObject({ code: 1006 });
    expect(await second).toEqual([1006, '']);
  });

  it('says how a client has left', async () => {
    const server = await serve();
    const client = await open(server.url);
    const connection = await server.connection();
    const waiting = connection.receive();
    client.close(1000, 'bye');
    await expect(waiting).rejects.toThrow(ConnectionEnded);
    expect(await connection.closed).toEqual({ code: 1000, reason: 'bye' });
    // Nobody is there: nothing to do, and no error.
    connection.send('late');
  });

  it('plays its part for every client until it has left', async () => {
    const server = await serve({
      onConnection: async (connection) => {
        connection.send({ type: 'hello' });
        for (;;) {
          const { json } = await connection.receive();
          connection.send({ ...json, answered: true });
        }
      },
    });
    for (const n of [1, 2]) {
      const client = new WebSocket(server.url);
      expect(await message(client)).toBe('{"type":"hello"}');
      client.send(JSON.stringify({ n }));
      expect(await message(client)).toBe(JSON.stringify({ n, answered: true }));
    }
    await server.stop();
    await server.stop();
  });

  it('throws what its part has thrown when it stops', async () => {
    const server = await ScriptedServer.start({
      onConnection: () => {
        throw new Error('not like this');
      },
    });
    await open(server.url);
    await expect(server.stop()).rejects.toThrow('not like this');
  });
});
