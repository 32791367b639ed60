import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { toneVoice } from '../../src/engines/speak/tones.js';
import { type LocalServerOptions, startLocalServer } from '../../src/simulator/server.js';
import { foreignVisitor } from '../../src/simulator/visitor.js';

const rules = { host: '127.0.0.1', token: null, allowOrigins: [] };

describe('a visitor of a server without a token', () => {
  it.each([
    ['a program', {}],
    ['a program that says where it connects to', { origin: 'http://127.0.0.1:8484' }],
    ['a page of this machine', { origin: 'http://localhost:3000' }],
    ['an encrypted page of this machine', { origin: 'https://app.localhost' }],
    ['a page of this machine, over IPv6', { origin: 'http://[::1]:5173' }],
    ['by localhost', { host: 'localhost:8484' }],
    ['by IPv6', { host: '[::1]:8484' }],
    ['by an address that is forwarded', { host: '192.168.1.7:9000', origin: 'http://192.168.1.7:9000' }],
  ])('is welcome: %s', (_, headers) => {
    expect(foreignVisitor({ host: '127.0.0.1:8484', ...headers }, rules)).toBeUndefined();
  });

  it.each([
    ['a page from elsewhere', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['a file', { origin: 'file://' }],
    ['an extension', { origin: 'chrome-extension://abcdef' }],
    ['a name that begins like ours', { origin: 'http://localhost.evil.example' }],
    ['a name that contains an address', { origin: 'http://127.0.0.1.evil.example' }],
    ['a user name that looks like ours', { origin: 'http://localhost@evil.example' }],
    ['no origin at all', { origin: '' }],
    ['an origin of another scheme', { origin: 'ftp://localhost' }],
  ])('is refused: %s', (_, headers) => {
    expect(foreignVisitor({ host: '127.0.0.1:8484', ...headers }, rules)).toMatchObject({
      code: 'origin_not_allowed',
    });
  });

  it.each([
    ['a foreign name', { host: 'evil.example:8484' }],
    ['a foreign name and its page', { host: 'evil.example:8484', origin: 'http://evil.example:8484' }],
    ['a foreign name and a page of this machine', { host: 'evil.example', origin: 'http://localhost' }],
    ['a name that begins like ours', { host: 'localhost.evil.example' }],
    ['no name', { host: '' }],
    ['nonsense', { host: 'a b' }],
  ])('is refused that reached it by %s', (_, headers) => {
    expect(foreignVisitor(headers, rules)).toMatchObject({ code: 'host_not_allowed' });
  });

  it('is welcome when it was said so', () => {
    const allowed = { ...rules, allowOrigins: ['https://app.example', 'null'] };
    const host = '127.0.0.1:8484';
    expect(foreignVisitor({ host, origin: 'https://app.example' }, allowed)).toBeUndefined();
    expect(foreignVisitor({ host: 'app.example' }, allowed)).toBeUndefined();
    expect(foreignVisitor({ host, origin: 'null' }, allowed)).toBeUndefined();
    expect(foreignVisitor({ host, origin: 'https://app.example:444' }, allowed)).toBeDefined();
    expect(foreignVisitor({ host: 'any', origin: 'any' }, { ...rules, allowOrigins: ['*'] })).toBeUndefined();
    expect(foreignVisitor({ host: 'box.lan:1' }, { ...rules, host: 'box.lan' })).toBeUndefined();
  });

  it('is quoted in part only', () => {
    const visitor = foreignVisitor({ host: 'x', origin: 'y' }, rules);
    expect(visitor?.message).toBe(
      'Host "x" is not allowed: only programs and pages of this machine may connect (docs/simulate.md).',
    );
    expect(foreignVisitor({ host: 'x'.repeat(9999) }, rules)?.message.length).toBeLessThan(400);
  });
});

describe('a visitor of a server with a token', () => {
  const secured = { ...rules, host: '0.0.0.0', token: 'a-token' };

  it('may use any name for this machine, but is no page from elsewhere', () => {
    const host = 'simulator:8484';
    expect(foreignVisitor({ host }, secured)).toBeUndefined();
    expect(foreignVisitor({ host, origin: 'http://simulator:8484' }, secured)).toBeUndefined();
    expect(foreignVisitor({ host, origin: 'https://evil.example' }, secured)).toBeDefined();
  });
});

describe('the server', () => {
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });

  async function visit(options: LocalServerOptions, client: WebSocket.ClientOptions) {
    const lines: string[] = [];
    const server = await startLocalServer({ voice: toneVoice, log: (line) => lines.push(line), ...options });
    cleanUps.push(() => server.close());
    const socket = new WebSocket(server.url, client);
    const status = await new Promise<number>((resolve) => {
      socket.on('error', () => {});
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    });
    socket.terminate();
    return { status, lines };
  }

  it('answers 403, and says what it refused', async () => {
    const { status, lines } = await visit({}, { origin: 'https://evil.example' });
    expect(status).toBe(403);
    expect(lines).toEqual(['refused 403 origin_not_allowed "https://evil.example"']);
    expect(await visit({}, { headers: { Host: 'evil.example' } })).toMatchObject({ status: 403 });
  });

  it('accepts what it was told to', async () => {
    const allowOrigins = ['https://app.example'];
    expect(await visit({ allowOrigins }, { origin: 'https://app.example' })).toMatchObject({ status: 101 });
    expect(await visit({}, {})).toMatchObject({ status: 101 });
  });
});
