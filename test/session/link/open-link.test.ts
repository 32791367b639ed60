import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { ModelEvent } from '../../../src/contract/events.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { Frame } from '../../../src/contract/frame.js';
import { openai } from '../../../src/providers/openai/provider.js';
import type { ConnectionSettings, Provider } from '../../../src/providers/provider.js';
import type { Link, LinkClosed } from '../../../src/session/link/link.js';
import { type LinkOptions, openLink } from '../../../src/session/link/open-link.js';
import { ScriptedServer } from '../scripted-server.js';

const key = 'sk-test-abcdefghijklmnop';
const created = '{"type":"session.created","session":{"id":"sess_1"}}';
const cleanUp: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function serve(script: Parameters<typeof ScriptedServer.start>[0]): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  cleanUp.push(() => server.stop());
  return server;
}

function optionsFor(
  url: string,
  change: Partial<LinkOptions> = {},
  env: ConnectionSettings['env'] = {},
): LinkOptions {
  return {
    provider: openai,
    profile: { ...openai.profile('m'), pingEveryS: null },
    connection: { model: 'm', url, env: { OPENAI_API_KEY: key, ...env } },
    ...change,
  };
}

interface Heard {
  readonly link: Link;
  readonly events: ModelEvent[];
  readonly closed: Promise<LinkClosed>;
  /** Resolves at the first event of this type. */
  event(type: ModelEvent['type']): Promise<ModelEvent>;
}

async function listen(options: LinkOptions): Promise<Heard> {
  const link = await openLink(options);
  cleanUp.push(() => link.close());
  const events: ModelEvent[] = [];
  const awaited: { type: string; found: (event: ModelEvent) => void }[] = [];
  link.onEvent = (event) => {
    events.push(event);
    for (const { type, found } of awaited) if (type === event.type) found(event);
  };
  const closed = new Promise<LinkClosed>((resolve) => {
    link.onClosed = resolve;
  });
  const event = (type: ModelEvent['type']) =>
    new Promise<ModelEvent>((found) => {
      const known = events.find((seen) => seen.type === type);
      if (known !== undefined) found(known);
      else awaited.push({ type, found });
    });
  return { link, events, closed, event };
}

async function failure(options: LinkOptions): Promise<VoxtermError> {
  const error: unknown = await openLink(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VoxtermError);
  return error as VoxtermError;
}

/** Everything an error could print. */
function printed(error: VoxtermError): string {
  return `${error.message} ${error.hint} ${error.code} ${String(error.stack)} ${String(error.cause)}`;
}

describe('an open link', () => {
  it('delivers what the server said before anybody listened, in order', async () => {
    const server = await serve({
      onSocket: (socket) => {
        socket.send(created);
        socket.send('{"type":"session.updated","session":{}}');
        socket.close(1011, 'oops');
      },
    });
    const link = await openLink(optionsFor(server.url));
    cleanUp.push(() => link.close());
    await new Promise((resolve) => setTimeout(resolve, 50));
    const seen: string[] = [];
    const closed = new Promise<void>((resolve) => {
      link.onEvent = (event) => seen.push(event.type);
      link.onClosed = () => {
        seen.push('closed');
        resolve();
      };
      expect(seen).toEqual([]);
    });
    await closed;
    expect(seen).toEqual(['session.created', 'session.updated', 'closed']);
  });

  it('sends the key as a header, the model in the address, and no beta header', async () => {
    const server = await serve({ onSocket: (socket) => socket.send(created) });
    const { event } = await listen(optionsFor(server.url));
    await event('session.created');
    const [upgrade] = server.upgrades;
    expect(upgrade?.url).toBe('/v1/realtime?model=m');
    expect(upgrade?.headers.authorization).toBe(`Bearer ${key}`);
    expect(upgrade?.headers).not.toHaveProperty('openai-beta');
    expect(upgrade?.headers).not.toHaveProperty('sec-websocket-extensions');
  });

  it('sends commands as frames, and the opening frames of the codec first', async () => {
    const got = new Promise<string[]>((resolve) => {
      void serve({
        onSocket: (socket, server) => {
          socket.on('message', () => server.received.length === 2 && resolve(server.received));
        },
      }).then(async (server) => {
        const provider: Provider = {
          ...openai,
          codec: (settings) => ({ ...openai.codec(settings), open: () => ['{"type":"hello"}'] }),
        };
        const { link } = await listen(optionsFor(server.url, { provider }));
        link.send({ type: 'audio.commit', eventId: 'e1' });
      });
    });
    expect(await got).toEqual(['{"type":"hello"}', '{"type":"input_audio_buffer.commit","event_id":"e1"}']);
  });

  it('survives garbage: broken JSON, binary noise, broken characters', async () => {
    const server = await serve({
      onSocket: (socket) => {
        socket.send('{"type":"session.crea');
        socket.send(Buffer.from([0xff, 0x00, 0x80, 0x7b]));
        socket.send(Buffer.from('{"type":"x","a":"\xff"}', 'latin1'), { binary: false });
        socket.send(created);
      },
    });
    const { event, events } = await listen(optionsFor(server.url));
    await event('session.created');
    expect(events.map(({ type }) => type)).toEqual(['error', 'error', 'other', 'session.created']);
    expect(events[0]).toMatchObject({ source: 'protocol', fatal: false });
  });

  it('lets everything else have its turn while frames pour in', async () => {
    const frame = 'x'.repeat(64 * 1024);
    const server = await serve({
      onSocket: (socket) => {
        for (let count = 0; count < 40; count += 1) socket.send(frame);
        socket.send(created);
      },
    });
    const decode = (): [] => {
      const untilMs = performance.now() + 25;
      while (performance.now() < untilMs);
      return [];
    };
    const codec = openai.codec({ model: 'm', url: undefined, env: {} });
    const slow = { ...codec, decode: (got: Frame) => (got === frame ? decode() : codec.decode(got)) };
    const { event } = await listen(optionsFor(server.url, { provider: { ...openai, codec: () => slow } }));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await event('session.created');
    clearInterval(timer);
    // Without it the network hands over up to 32 pieces at a time.
    expect(turns).toBeGreaterThan(15);
  });

  it('lets the server wait while the events are not taken', async () => {
    let congested = false;
    let unread = () => 0;
    const server = await serve({
      onSocket: (socket) => {
        unread = () => socket.bufferedAmount;
        socket.send(created);
        socket.once('message', () => {
          for (let count = 0; count < 64; count += 1) socket.send('x'.repeat(2 ** 20));
          socket.send('{"type":"session.updated","session":{}}');
        });
      },
    });
    const { event, events, link } = await listen(optionsFor(server.url, { congested: () => congested }));
    await event('session.created');
    congested = true;
    link.send({ type: 'audio.commit' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(unread()).toBeGreaterThan(16 * 2 ** 20);
    expect(events.length).toBeLessThan(16);
    congested = false;
    await event('session.updated');
    expect(events).toHaveLength(66);
  });

  it('turns a codec that throws into an error event', async () => {
    const provider: Provider = {
      ...openai,
      codec: (settings) => ({
        ...openai.codec(settings),
        decode: () => {
          throw new TypeError('bug');
        },
      }),
    };
    const server = await serve({ onSocket: (socket) => socket.send(created) });
    const { event } = await listen(optionsFor(server.url, { provider }));
    expect(await event('error')).toMatchObject({
      source: 'protocol',
      message: 'A frame could not be read: bug',
    });
  });

  it('takes the key out of events, close reasons and the log, and sound out of the log', async () => {
    const server = await serve({
      onSocket: (socket) => {
        const error = { code: 'x', message: `Incorrect key ${key}` };
        socket.send(JSON.stringify({ type: 'error', error }));
        socket.send(Buffer.from(JSON.stringify({ type: 'error', error })));
        socket.once('message', () => socket.close(4001, `bad ${key}`));
      },
    });
    const lines: string[] = [];
    const { link, events, closed } = await listen(
      optionsFor(server.url, { log: (line) => lines.push(line) }),
    );
    link.send({ type: 'audio.append', audio: new Uint8Array(3000) });
    const { reason, ending } = await closed;
    expect(events).toMatchObject([
      { message: 'Incorrect key [secret]' },
      { message: 'Incorrect key [secret]' },
    ]);
    expect(reason).toBe('bad [secret]');
    expect(ending.message).toContain('bad [secret]');
    expect(lines.join('\n')).not.toContain(key);
    expect(lines).toContain('→ {"type":"input_audio_buffer.append","audio":"<4000 characters of base64>"}');
    expect(lines.filter((line) => line.startsWith('← {"type":"error"'))).toHaveLength(2);
  });

  it('keeps words alone when the key is a short word', async () => {
    const server = await serve({ onSocket: (socket) => socket.send(created.replace('sess_1', 'dummy')) });
    const { event } = await listen(optionsFor(server.url, {}, { OPENAI_API_KEY: 'dummy' }));
    expect(await event('session.created')).toMatchObject({ sessionId: 'dummy' });
  });

  it('may be connected again with the same options', async () => {
    const server = await serve({ onSocket: (socket) => socket.send(created) });
    const options = optionsFor(server.url);
    for (const _ of [1, 2]) {
      const { event, link } = await listen(options);
      await event('session.created');
      await link.close();
    }
    expect(server.upgrades).toHaveLength(2);
  });

  it('sends the codec’s own frames to a server that nobody talks to, until it is closed', async () => {
    const server = await serve({ onSocket: (socket) => socket.send(created) });
    const provider: Provider = {
      ...openai,
      codec: (settings) => ({ ...openai.codec(settings), keepAlive: () => ['{"type":"still.here"}'] }),
    };
    const profile = { ...openai.profile('m'), pingEveryS: null, keepAliveS: 0.03 };
    const { link } = await listen(optionsFor(server.url, { provider, profile }));
    await expect.poll(() => server.received.length).toBeGreaterThan(2);
    expect(new Set(server.received)).toEqual(new Set(['{"type":"still.here"}']));
    await link.close();
    const sent = server.received.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.received).toHaveLength(sent);
  });
});

describe('closing', () => {
  it('ends in order with code 1000, and twice does no harm', async () => {
    const codes: number[] = [];
    const server = await serve({ onSocket: (socket) => socket.on('close', (code) => codes.push(code)) });
    const { link, closed } = await listen(optionsFor(server.url));
    await Promise.all([link.close(), link.close()]);
    await link.close();
    expect(await closed).toMatchObject({ ending: { exitCode: 0, reason: 'closed' }, retryable: false });
    expect(codes).toEqual([1000]);
    link.send({ type: 'audio.commit' }); // no throw
    await link.drained();
  });

  it('does not wait longer than two seconds for a server that never says goodbye', async () => {
    const server = await serve({ onSocket: (socket) => socket.pause() });
    const { link } = await listen(optionsFor(server.url));
    const startedMs = performance.now();
    await link.close();
    expect(performance.now() - startedMs).toBeGreaterThan(1900);
    expect(performance.now() - startedMs).toBeLessThan(4000);
  });

  it('resolves although nobody ever listened', async () => {
    const server = await serve({ onSocket: (socket) => socket.send(created) });
    const link = await openLink(optionsFor(server.url));
    await link.close();
  });

  const table: [number | undefined, string, { exitCode: number; reason: string }, boolean][] = [
    [1000, '', { exitCode: 6, reason: 'link.lost' }, false],
    [1001, '', { exitCode: 6, reason: 'link.lost' }, true],
    [
      1001,
      'Your session hit the maximum duration of 60 minutes',
      { exitCode: 6, reason: 'session.expired' },
      true,
    ],
    [undefined, '', { exitCode: 6, reason: 'link.lost' }, true],
    [1008, 'no', { exitCode: 5, reason: 'provider.refused' }, false],
    [1009, '', { exitCode: 5, reason: 'provider.refused' }, false],
    [1011, 'keepalive ping timeout', { exitCode: 6, reason: 'link.lost' }, true],
    [1012, '', { exitCode: 6, reason: 'link.lost' }, true],
    [1013, '', { exitCode: 6, reason: 'link.lost' }, true],
    [3000, 'invalid_request_error.invalid_api_key', { exitCode: 3, reason: 'credentials.refused' }, false],
    [
      4000,
      'invalid_request_error.beta_api_shape_disabled',
      { exitCode: 5, reason: 'provider.refused' },
      false,
    ],
    [4000, '', { exitCode: 5, reason: 'provider.refused' }, false],
    [4321, 'because', { exitCode: 5, reason: 'provider.refused' }, false],
  ];
  it.each(table)('reads close code %s "%s"', async (code, reason, ending, retryable) => {
    const server = await serve({ onSocket: (socket) => socket.close(code, reason) });
    const { closed } = await listen(optionsFor(server.url));
    const outcome = await closed;
    expect(outcome).toMatchObject({ code: code ?? 1005, reason, ending, retryable });
    expect(outcome.ending.message).toMatch(/^[A-Z].+/);
  });

  it('tells of a connection that is simply gone', async () => {
    const server = await serve({ onSocket: (socket) => socket.terminate() });
    const { closed } = await listen(optionsFor(server.url));
    expect(await closed).toMatchObject({ code: 1006, ending: { exitCode: 6 }, retryable: true });
  });

  it('tells of a server that breaks the protocol', async () => {
    const server = await serve({
      // A text frame with a reserved bit set.
      onSocket: (socket) => rawSocket(socket).write(Buffer.from([0xf1, 0x01, 0x61])),
    });
    const { closed } = await listen(optionsFor(server.url));
    const { ending } = await closed;
    expect(ending).toMatchObject({ exitCode: 6 });
    expect(ending.message).toMatch(/^The server broke the WebSocket protocol: .*RSV/);
  });

  it('tells of a message above the limit, without reading it', async () => {
    const server = await serve({
      onSocket: (socket) => {
        const header = Buffer.alloc(10);
        header.writeUInt16BE(0x81_7f);
        header.writeBigUInt64BE(65n * 2n ** 20n, 2);
        rawSocket(socket).write(header);
      },
    });
    const { closed } = await listen(optionsFor(server.url));
    expect((await closed).ending.message).toBe('The server sent a message above 64 MiB.');
  });
});

/** The TCP socket below, to send what no WebSocket library would. */
function rawSocket(socket: WebSocket): Socket {
  return (socket as unknown as { _socket: Socket })._socket;
}

describe('keep-alive', () => {
  const profile = { ...openai.profile('m'), pingEveryS: 0.05 };

  it('notices a server that has fallen silent', async () => {
    // Paused below ws: pings are received by the kernel and never answered.
    const server = await serve({ onSocket: (socket) => rawSocket(socket).pause() });
    const { closed } = await listen(optionsFor(server.url, { profile }));
    const { ending, retryable } = await closed;
    expect(ending).toMatchObject({ exitCode: 6, message: 'The server has not answered for 0.05 seconds.' });
    expect(retryable).toBe(true);
  });

  it.each([
    [{ pingEveryS: 0.02, pingTimeoutS: 0.1 }, '0.1'],
    [{ pingEveryS: 0.1, pingTimeoutS: 0.02 }, '0.02'],
  ])('waits for answers to pings as the connection says: %o', async (transport, seconds) => {
    const server = await serve({ onSocket: (socket) => rawSocket(socket).pause() });
    const begun = performance.now();
    const { connection, ...rest } = optionsFor(server.url);
    const { closed } = await listen({ ...rest, connection: { ...connection, transport } });
    expect((await closed).ending.message).toBe(`The server has not answered for ${seconds} seconds.`);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(115);
  });

  it('sends no pings where the connection says so', async () => {
    let pings = 0;
    const server = await serve({
      onSocket: (socket) => {
        socket.on('ping', () => (pings += 1));
        setTimeout(() => socket.close(1000), 200);
      },
    });
    const { connection } = optionsFor(server.url);
    const transport = { pingEveryS: null };
    const { closed } = await listen(
      optionsFor(server.url, { profile, connection: { ...connection, transport } }),
    );
    await closed;
    expect(pings).toBe(0);
  });

  it('takes no message above the size that the connection says', async () => {
    const server = await serve({ onSocket: (socket) => socket.send('x'.repeat(2000)) });
    const { connection } = optionsFor(server.url);
    const transport = { maxMessageBytes: 1000 };
    const { closed } = await listen(optionsFor(server.url, { connection: { ...connection, transport } }));
    expect((await closed).ending.message).toBe('The server sent a message above 1000 bytes.');
  });

  it('waits for the handshake as long as the connection says', async () => {
    const server = await serve({ onUpgrade: () => {} });
    const { connection } = optionsFor(server.url);
    const begun = performance.now();
    const error = await failure(
      optionsFor(server.url, { connection: { ...connection, transport: { handshakeTimeoutMs: 80 } } }),
    );
    expect(error.exitCode).toBe(6);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it('stays open while pings are answered', async () => {
    let pings = 0;
    const enough = new Promise<void>((resolve) => {
      void serve({
        onSocket: (socket) => {
          socket.on('ping', () => {
            pings += 1;
            if (pings === 4) resolve();
          });
        },
      }).then((server) => listen(optionsFor(server.url, { profile })));
    });
    await enough;
    expect(pings).toBe(4);
  });
});

describe('a slow network', () => {
  it('shows what waits, and wakes the sender when it has gone', async () => {
    let server: WebSocket | undefined;
    const { url } = await serve({
      onSocket: (socket) => {
        server = socket;
        rawSocket(socket).pause();
      },
    });
    const { link } = await listen(optionsFor(url));
    expect(link.bufferedBytes).toBe(0);
    await link.drained();
    const audio = new Uint8Array(2 ** 20);
    for (let sent = 0; sent < 16; sent++) link.send({ type: 'audio.append', audio });
    expect(link.bufferedBytes).toBeGreaterThan(4 * 2 ** 20);
    let woken = false;
    const drained = link.drained().then(() => {
      woken = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(woken).toBe(false);
    if (server !== undefined) rawSocket(server).resume();
    await drained;
    expect(link.bufferedBytes).toBeLessThanOrEqual(256 * 1024);
  });

  it('wakes the sender when the link dies', async () => {
    const { url } = await serve({
      onSocket: (socket) => {
        rawSocket(socket).pause();
        setTimeout(() => rawSocket(socket).destroy(), 50);
      },
    });
    const { link, closed } = await listen(optionsFor(url));
    for (let sent = 0; sent < 16; sent++) link.send({ type: 'audio.append', audio: new Uint8Array(2 ** 20) });
    await link.drained();
    await closed;
  });
});

describe('a refused upgrade', () => {
  function answer(status: string, body: string, headers = '') {
    return (socket: Socket) => {
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`);
    };
  }
  const json = (message: string) => JSON.stringify({ error: { message, code: 'x' } });

  const table: [string, string, number, string][] = [
    [
      '401 Unauthorized',
      json(`Incorrect API key provided: ${key}`),
      3,
      'Incorrect API key provided: [secret]',
    ],
    ['403 Forbidden', json('Country not supported'), 3, 'Country not supported'],
    ['404 Not Found', json('The model `m` does not exist'), 5, 'The model `m` does not exist'],
    ['429 Too Many Requests', json('Rate limit reached'), 5, 'Rate limit reached'],
    ['503 Service Unavailable', 'upstream connect error\n', 5, 'upstream connect error'],
    ['400 Bad Request', '{"detail":"no such thing"}', 5, 'no such thing'],
    ['418 Teapot', '<html><body>short and stout</body></html>', 5, '(HTTP 418).'],
    ['200 OK', 'hello', 5, '(HTTP 200): hello'],
  ];
  it.each(table)('says what %s means', async (status, body, exitCode, words) => {
    const server = await serve({ onUpgrade: answer(status, body) });
    const error = await failure(optionsFor(server.url));
    expect(error.exitCode).toBe(exitCode);
    expect(error.message).toContain(words);
    expect(error.hint).toBeTruthy();
    expect(printed(error)).not.toContain(key);
  });

  it('tells trouble that may pass from trouble that stays', async () => {
    const passing = await serve({ onUpgrade: answer('503 Service Unavailable', '') });
    const staying = await serve({
      onUpgrade: answer('429 Too Many', '{"error":{"code":"insufficient_quota"}}'),
    });
    expect(await failure(optionsFor(passing.url))).toMatchObject({ code: 'provider.unavailable' });
    expect(await failure(optionsFor(staying.url))).toMatchObject({ code: 'provider.refused' });
  });

  it('does not follow redirects, which would carry the key elsewhere', async () => {
    const target = await serve({ onSocket: (socket) => socket.send(created) });
    const server = await serve({ onUpgrade: answer('302 Found', '', `Location: ${target.url}\r\n`) });
    expect(await failure(optionsFor(server.url))).toMatchObject({ exitCode: 5 });
    expect(target.upgrades).toHaveLength(0);
  });

  it('does not wait for the end of a body that never ends', async () => {
    const server = await serve({
      onUpgrade: (socket) => socket.write('HTTP/1.1 401 Nope\r\nContent-Length: 1000\r\n\r\nwrong key'),
    });
    const error = await failure(optionsFor(server.url, { connectTimeoutMs: 100 }));
    expect(error).toMatchObject({ exitCode: 3 });
    expect(error.message).toContain('wrong key');
  });

  it('reads only the beginning of an endless body', async () => {
    const server = await serve({
      onUpgrade: (socket) =>
        socket.write(`HTTP/1.1 500 Oh\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(40_000)}`),
    });
    const error = await failure(optionsFor(server.url));
    expect(error).toMatchObject({ exitCode: 5 });
    expect(error.message.length).toBeLessThan(400);
  });
});

describe('no connection', () => {
  it('says that nothing listens', async () => {
    const server = await serve({});
    await server.stop();
    const error = await failure(optionsFor(server.url));
    expect(error).toMatchObject({ exitCode: 6, code: 'link.unreachable' });
    expect(error.message).toMatch(/^Nothing answers at 127\.0\.0\.1:\d+\.$/);
  });

  it('says that a name has no address', async () => {
    const error = await failure(optionsFor('wss://voxterm.invalid/v1'));
    expect(error).toMatchObject({ exitCode: 6, code: 'link.dns' });
    expect(error.message).toBe('There is no address for voxterm.invalid.');
  });

  it('gives up on a handshake that hangs', async () => {
    let hungUp = () => {};
    const left = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const server = await serve({ onUpgrade: (socket) => socket.on('end', hungUp).resume() });
    const error = await failure(optionsFor(server.url, { connectTimeoutMs: 60 }));
    expect(error).toMatchObject({ exitCode: 6, code: 'link.timeout' });
    expect(error.message).toContain('did not open a connection within 0.06 s');
    await left; // nothing of ours stays behind
  });

  it('gives up when it is told to, with the reason it is told', async () => {
    const server = await serve({ onUpgrade: () => controller.abort('enough') });
    const controller = new AbortController();
    await expect(openLink(optionsFor(server.url, { signal: controller.signal }))).rejects.toBe('enough');
    await expect(openLink(optionsFor(server.url, { signal: AbortSignal.abort('before') }))).rejects.toBe(
      'before',
    );
    expect(server.upgrades).toHaveLength(1);
  });

  it('does not mind an abort after it is open', async () => {
    const controller = new AbortController();
    const server = await serve({ onSocket: (socket) => socket.on('message', () => socket.send(created)) });
    const { link, event } = await listen(optionsFor(server.url, { signal: controller.signal }));
    controller.abort();
    link.send({ type: 'audio.commit' });
    await event('session.created');
  });

  it('says that a server speaks something else', async () => {
    const other = createServer((socket) => socket.end('220 smtp ready\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    cleanUp.push(async () => other.close());
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await failure(optionsFor(`ws://127.0.0.1:${port}`))).toMatchObject({ code: 'link.not-websocket' });
    const tls = await failure(optionsFor(`wss://127.0.0.1:${port}`));
    expect(tls).toMatchObject({ exitCode: 6, code: 'link.tls' });
    expect(tls.hint).toContain('ws://');
  });

  it('says that an upgrade was answered wrongly', async () => {
    const server = await serve({
      onUpgrade: (socket) => {
        socket.write(
          'HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
        );
      },
    });
    expect(await failure(optionsFor(server.url))).toMatchObject({ exitCode: 6, code: 'link.not-websocket' });
  });

  it('says that the server hung up', async () => {
    const server = await serve({ onUpgrade: (socket) => socket.destroy() });
    expect(await failure(optionsFor(server.url))).toMatchObject({ exitCode: 6, code: 'link.cut' });
  });

  it('asks for credentials before it opens anything', async () => {
    const options = optionsFor('', { connection: { model: 'm', env: {} } });
    expect(await failure(options)).toMatchObject({ exitCode: 3, code: 'credentials.missing' });
  });
});
