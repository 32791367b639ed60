import { afterEach, expect, it, vi } from 'vitest';
import * as voxterm from '../../src/index.js';
import { ScriptedServer } from './scripted-server.js';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Accepts whatever it is told, and drops the first connections as soon as they are ready. */
async function serve(drops = 0): Promise<ScriptedServer> {
  let left = drops;
  server = await ScriptedServer.start({
    onSocket: (socket) => {
      socket.send(JSON.stringify({ type: 'session.created', event_id: 'e1', session: { id: 's1' } }));
      socket.on('message', (data) => {
        if (!String(data).includes('"session.update"')) return;
        socket.send(JSON.stringify({ type: 'session.updated', event_id: 'e2', session: { id: 's1' } }));
        if (left-- > 0) socket.terminate();
      });
    },
  });
  return server;
}

function headers({ upgrades }: ScriptedServer, name: string): unknown[] {
  return upgrades.map((request) => request.headers[name]);
}

it('asks for a key before every connection, also when asking has failed once', async () => {
  const { url } = await serve(1);
  const apiKey = vi
    .fn<() => Promise<string>>()
    .mockResolvedValueOnce('first')
    .mockRejectedValueOnce(new Error('no network'))
    .mockResolvedValue('third');
  await using session = await voxterm.connect({
    provider: 'openai',
    url,
    apiKey,
    env: { OPENAI_API_KEY: 'from the environment' },
    sound: null,
    reconnect: { delaysMs: [0, 0, 0] },
  });
  const warnings: string[] = [];
  session.on('warning', ({ message }) => warnings.push(message));
  await new Promise<void>((resolve) => session.on('link.restored', () => resolve()));
  expect(server && headers(server, 'authorization')).toEqual(['Bearer first', 'Bearer third']);
  expect(warnings.join(' ')).toContain('The function for the key failed: no network');
});

it.each(['openai', 'xai'])(
  'adds headers of the program to those of %s, and keeps them out of errors',
  async (id) => {
    const { url } = await serve();
    await using session = await voxterm.connect({
      provider: id,
      url,
      apiKey: 'k1',
      env: {},
      headers: { 'X-Team': 'red', authorization: 'Bearer mine' },
      sound: null,
    });
    expect(session.state).toBe('listening');
    expect(server && headers(server, 'x-team')).toEqual(['red']);
    expect(server && headers(server, 'authorization')).toEqual(['Bearer mine']);
  },
);

it('ends with its connection where it is not to reconnect', async () => {
  const { url } = await serve(1);
  const starting = voxterm.connect({ provider: 'openai', url, env: {}, sound: null, reconnect: false });
  const session = await starting;
  expect(await session.ended).toMatchObject({ exitCode: 6 });
});

it('rejects with the reason of the signal', async () => {
  server = await ScriptedServer.start({ onSocket: () => {} });
  const stop = new AbortController();
  const starting = voxterm.connect({
    provider: 'openai',
    url: server.url,
    env: {},
    sound: null,
    signal: stop.signal,
  });
  const reason = new Error('never mind');
  await vi.waitFor(() => expect(server?.upgrades).toHaveLength(1));
  stop.abort(reason);
  await expect(starting).rejects.toBe(reason);
});
