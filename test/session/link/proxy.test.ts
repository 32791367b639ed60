import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { VoxtermError } from '../../../src/contract/failure.js';
import { openai } from '../../../src/providers/openai/provider.js';
import { type LinkOptions, openLink } from '../../../src/session/link/open-link.js';
import { proxyFor } from '../../../src/session/link/proxy.js';
import { ScriptedServer } from '../scripted-server.js';

const cleanUp: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** An HTTP proxy that reaches one server, whatever name it is asked for, or answers with `status`. */
async function startProxy(status: number, port: number) {
  const asked: { readonly target: string | undefined; readonly authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const proxy: Server = createServer();
  proxy.on('connect', (request, socket: Socket) => {
    sockets.add(socket);
    asked.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const server = connectTcp(port, '127.0.0.1');
    for (const end of [socket, server]) end.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(server).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  cleanUp.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  const { port: proxyPort } = proxy.address() as AddressInfo;
  return { asked, host: `127.0.0.1:${proxyPort}` };
}

function optionsFor(url: string, env: Record<string, string>): LinkOptions {
  return {
    provider: openai,
    profile: { ...openai.profile('m'), pingEveryS: null },
    connection: { model: 'm', url, insecure: true, env: { OPENAI_API_KEY: 'sk-test-0123456789', ...env } },
  };
}

async function failure(options: LinkOptions): Promise<VoxtermError> {
  const error: unknown = await openLink(options).catch((reason: unknown) => reason);
  if (error instanceof VoxtermError) return error;
  throw new Error('It connected.');
}

describe('a connection through a proxy', () => {
  it('asks the proxy for the server by its name, with user and password', async () => {
    const server = await ScriptedServer.start({
      onSocket: (socket) => socket.send('{"type":"session.created","session":{"id":"s"}}'),
    });
    cleanUp.push(() => server.stop());
    const { port } = new URL(server.url);
    const proxy = await startProxy(200, Number(port));
    const env = { HTTPS_PROXY: `http://me:hunter22@${proxy.host}` };
    const link = await openLink(optionsFor(`ws://voxterm.test:${port}/v1`, env));
    cleanUp.push(() => link.close());
    const event = await new Promise((resolve) => {
      link.onEvent = resolve;
      link.onClosed = () => {};
    });
    expect(event).toMatchObject({ type: 'session.created', sessionId: 's' });
    const authorization = `Basic ${Buffer.from('me:hunter22').toString('base64')}`;
    expect(proxy.asked).toEqual([{ target: `voxterm.test:${port}`, authorization }]);
  });

  it.each([
    [407, /It wants a user and a password/],
    [403, /NO_PROXY/],
  ])('tells a refusal of the proxy (%i) from one of the server', async (status, hint) => {
    const proxy = await startProxy(status, 1);
    const env = { HTTPS_PROXY: `http://me:hunter22@${proxy.host}` };
    const error = await failure(optionsFor('ws://voxterm.test/v1', env));
    expect(error).toMatchObject({ exitCode: 6, code: 'link.proxy' });
    expect(error.message).toBe(`The proxy ${proxy.host} does not let us through (HTTP ${status}).`);
    expect(error.hint).toMatch(hint);
    expect(error.message + error.hint).not.toContain('hunter22');
  });

  it('says that the proxy is not there', async () => {
    const error = await failure(optionsFor('ws://voxterm.test/v1', { HTTPS_PROXY: 'http://127.0.0.1:1' }));
    expect(error).toMatchObject({ exitCode: 6, message: 'Nothing answers at the proxy 127.0.0.1:1.' });
  });
});

describe('proxyFor', () => {
  const proxy = { HTTPS_PROXY: 'http://proxy.example:3128' };
  const server = 'wss://api.example.org/v1';

  it.each([
    ['HTTPS_PROXY', server, proxy, 'proxy.example:3128'],
    ['the lower case of it', server, { https_proxy: 'proxy.example:8080' }, 'proxy.example:8080'],
    ['ALL_PROXY', server, { ALL_PROXY: 'https://proxy.example' }, 'proxy.example'],
    ['none', server, {}, undefined],
    ['an empty one', server, { HTTPS_PROXY: '' }, undefined],
    ['this machine', 'ws://127.0.0.1:8000/v1', proxy, undefined],
    ['this machine by name', 'ws://localhost:8000/v1', proxy, undefined],
    ['this machine by IPv6', 'ws://[::1]:8000/v1', proxy, undefined],
    ['NO_PROXY *', server, { ...proxy, NO_PROXY: '*' }, undefined],
    ['NO_PROXY with the name', server, { ...proxy, NO_PROXY: 'a.org, API.example.org' }, undefined],
    ['NO_PROXY with the domain', server, { ...proxy, NO_PROXY: '.example.org' }, undefined],
    ['no_proxy with a pattern', server, { ...proxy, no_proxy: '*.example.org' }, undefined],
    ['NO_PROXY with the port', server, { ...proxy, NO_PROXY: 'example.org:443' }, undefined],
    ['NO_PROXY with another port', server, { ...proxy, NO_PROXY: 'example.org:80' }, 'proxy.example:3128'],
    ['NO_PROXY with half a name', server, { ...proxy, NO_PROXY: 'ample.org' }, 'proxy.example:3128'],
  ])('%s', async (_what, url, env, host) => {
    expect((await proxyFor(url, env))?.host).toBe(host);
  });
});
