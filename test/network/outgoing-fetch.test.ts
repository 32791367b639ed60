import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { outgoingFetch } from '../../src/network/outgoing-fetch.js';
import { ProxyFailure } from '../../src/network/proxy-failure.js';
import { TestProxy } from './test-proxy.js';

const authorization = `Basic ${Buffer.from('m@e:hun:ter22').toString('base64')}`;

async function serve(listener: RequestListener, isEncrypted = false): Promise<number> {
  const server = isEncrypted ? createTlsServer(tlsFiles(), listener) : createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function tlsFiles() {
  const file = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
  return { cert: file('certificate.pem'), key: file('key.pem') };
}

function through(proxy: TestProxy) {
  const address = `http://m%40e:hun%3Ater22@${proxy.host}`;
  return outgoingFetch({ HTTPS_PROXY: address, HTTP_PROXY: address });
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a request over TLS through a proxy', () => {
  beforeEach(() => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  });
  afterEach(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });

  it('goes through a tunnel to the server by its name, and the tunnel is used again', async () => {
    const port = await serve((request, response) => {
      void text(request).then((body) => response.end(`${request.headers.host} ${body}`));
    }, true);
    const proxy = await TestProxy.start(port);
    const fetch = through(proxy);
    for (const body of ['one', 'two']) {
      const answer = await fetch('https://voxterm.test/v1', { method: 'POST', body });
      expect(await answer.text()).toBe(`voxterm.test ${body}`);
    }
    expect(proxy.asked).toEqual([{ line: 'CONNECT voxterm.test:443', authorization }]);
  });

  it.each([403, 407, 502])('fails with the refusal of the proxy (%i)', async (status) => {
    const proxy = await TestProxy.start();
    proxy.refusal = status;
    const error = await failureOf(through(proxy)('https://voxterm.test/v1'));
    expect(error).toMatchObject({
      name: 'ProxyFailure',
      message: `the proxy ${proxy.host} does not let us through (HTTP ${status})`,
    });
    expect(String(error)).not.toContain('hun');
  });

  it('says that the proxy is not there', async () => {
    const fetch = outgoingFetch({ HTTPS_PROXY: 'http://127.0.0.1:1' });
    const error = await failureOf(fetch('https://voxterm.test/v1'));
    expect(error).toBeInstanceOf(ProxyFailure);
    expect(error).toMatchObject({ message: 'nothing answers at the proxy 127.0.0.1:1' });
  });

  it.each(['https', 'http'])('ends when it is aborted while the proxy is silent (%s)', async (protocol) => {
    const proxy = await TestProxy.start();
    proxy.isMute = true;
    const error = await failureOf(
      through(proxy)(`${protocol}://voxterm.test/v1`, { signal: AbortSignal.timeout(100) }),
    );
    expect(error).toMatchObject({ name: 'TimeoutError' });
    await expect.poll(() => proxy.openSockets).toBe(0);
  });
});

describe('a request without TLS through a proxy', () => {
  it('names the whole address to the proxy, and keeps user and password from the server', async () => {
    const port = await serve((request, response) => {
      response.writeHead(201, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify(request.headers));
    });
    const proxy = await TestProxy.start(port);
    const answer = await through(proxy)('http://voxterm.test:8080/v1?q=1#top', {
      headers: { 'X-Mine': 'yes' },
    });
    expect(proxy.asked).toEqual([{ line: 'GET http://voxterm.test:8080/v1?q=1', authorization }]);
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const sent: unknown = await answer.json();
    expect(sent).toMatchObject({ host: 'voxterm.test:8080', 'x-mine': 'yes' });
    expect(sent).not.toHaveProperty('proxy-authorization');
  });

  it('fails with 407 of the proxy; other answers may be the server’s', async () => {
    const proxy = await TestProxy.start();
    proxy.refusal = 407;
    expect(await failureOf(through(proxy)('http://voxterm.test'))).toMatchObject({ status: 407 });
    proxy.refusal = 404;
    expect((await through(proxy)('http://voxterm.test')).status).toBe(404);
  });

  it('sends forms', async () => {
    const port = await serve((request, response) => {
      void text(request).then((body) => response.end(`${request.headers['content-type']}\n${body}`));
    });
    const body = new FormData();
    body.set('file', new Blob(['sound']), 'a.wav');
    const answer = await through(await TestProxy.start(port))('http://voxterm.test', {
      method: 'POST',
      body,
    });
    const said = await answer.text();
    expect(said).toMatch(/^multipart\/form-data; boundary=/);
    expect(said).toContain('filename="a.wav"');
    expect(said).toContain('sound');
  });

  it.each([
    ['gzip', gzipSync('words')],
    ['br', brotliCompressSync('words')],
  ])('reads %s, which was not asked for', async (encoding, body) => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    const answer = await through(await TestProxy.start(port))('http://voxterm.test');
    expect(await answer.text()).toBe('words');
  });

  it('passes a stream on as it comes, and closes it when it is not wanted any more', async () => {
    let closed = false;
    const port = await serve((_request, response) => {
      response.write('data: 1\n\n');
      response.on('close', () => {
        closed = true;
      });
    });
    const answer = await through(await TestProxy.start(port))('http://voxterm.test');
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
    await reader?.cancel();
    await expect.poll(() => closed).toBe(true);
  });

  it('follows a redirection, and takes no key to another server', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(307, { location: 'http://other.test/new' }).end();
      else if (request.url === '/form') response.writeHead(302, { location: '/old' }).end();
      else response.end(`${request.method} ${request.headers.authorization}`);
    });
    const proxy = await TestProxy.start(port);
    const init = { method: 'POST', body: 'x', headers: { authorization: 'Bearer secret' } };
    const answer = await through(proxy)('http://voxterm.test/old', init);
    expect(await answer.text()).toBe('POST undefined');
    expect(await (await through(proxy)('http://voxterm.test/form', init)).text()).toBe('GET undefined');
    expect(proxy.asked.at(1)?.line).toBe('POST http://other.test/new');
    const manual = await through(proxy)('http://voxterm.test/old', { redirect: 'manual' });
    expect(manual.status).toBe(307);
  });

  it('ends a circle of redirections', async () => {
    const port = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
    const error = await failureOf(through(await TestProxy.start(port))('http://voxterm.test'));
    expect(error).toMatchObject({ message: 'The server redirects the request more than 20 times.' });
  });

  it('answers without a body where there cannot be one', async () => {
    const port = await serve((_request, response) => response.writeHead(204).end());
    const answer = await through(await TestProxy.start(port))('http://voxterm.test', { method: 'DELETE' });
    expect([answer.status, answer.body]).toEqual([204, null]);
  });
});

describe('a request that needs no proxy', () => {
  it.each([undefined, '1'])('reaches this machine directly (NODE_USE_ENV_PROXY: %s)', async (use) => {
    if (use !== undefined) process.env.NODE_USE_ENV_PROXY = use;
    onTestFinished(() => void delete process.env.NODE_USE_ENV_PROXY);
    const port = await serve((_request, response) => response.end('here'));
    const proxy = await TestProxy.start();
    expect(await (await through(proxy)(`http://127.0.0.1:${port}`)).text()).toBe('here');
    expect(proxy.asked).toEqual([]);
  });
});
