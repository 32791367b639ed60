import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { local } from '../../../src/providers/local/provider.js';

const settings = { model: 'local', env: { PATH: '' } };

async function start(more: Partial<Parameters<NonNullable<typeof local.start>>[0]> = {}) {
  if (local.start === undefined) throw new Error('the built-in provider starts a server');
  return local.start({ ...settings, ...more });
}

describe('the built-in provider', () => {
  test('starts a server on this machine that only its session can use', async () => {
    const { endpoint, stop } = await start();
    expect(endpoint.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime\?model=local$/);
    const stranger = await new Promise<string>((resolve) => {
      new WebSocket(endpoint.url).on('error', ({ message }) => resolve(message));
    });
    expect(stranger).toMatch(/401/);
    const first = await new Promise<string>((resolve, reject) => {
      const socket = new WebSocket(endpoint.url, { headers: { ...endpoint.headers } });
      socket.on('message', (data) => resolve(String(data))).on('error', reject);
    });
    expect(local.codec(settings).decode(first)).toMatchObject([{ type: 'session.created', model: 'local' }]);
    await stop();
  });

  test('has a new key every time', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    expect(a.endpoint.headers.Authorization).toMatch(/^Bearer [\w-]{32}$/);
    expect(a.endpoint.headers.Authorization).not.toBe(b.endpoint.headers.Authorization);
    await Promise.all([a.stop(), b.stop()]);
  });

  test('does not start with a scenario that cannot be read', async () => {
    await expect(start({ scenario: '/nowhere/s.json' })).rejects.toMatchObject({ exitCode: 2 });
  });

  test('has no address until it is started', () => {
    expect(() => local.endpoint(settings)).toThrow(/no address until it is started/);
  });
});
