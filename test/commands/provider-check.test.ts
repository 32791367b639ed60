import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { runCheck } from '../../src/commands/doctor/check.js';
import { providerCheck } from '../../src/commands/doctor/provider-check.js';
import { resolveSettings } from '../../src/config/load.js';
import { openai } from '../../src/providers/openai/provider.js';
import { directoryWith, environmentIn } from '../config/files.js';

/** A server that greets with these frames and closes with this code. */
async function server(frames: readonly object[], closeCode?: number): Promise<string> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => sockets.close());
  await once(sockets, 'listening');
  sockets.on('connection', (socket) => {
    for (const frame of frames) socket.send(JSON.stringify(frame));
    if (closeCode !== undefined) socket.close(closeCode, 'because');
  });
  const address = sockets.address();
  return `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function check(flags: { provider: string; url?: string }) {
  return runCheck(providerCheck(await resolveSettings(flags, environmentIn(directoryWith()))));
}

describe('providerCheck', () => {
  it('is content with the greeting of a compatible server', async () => {
    const url = await server([
      { type: 'session.created', event_id: 'e', session: { id: 's', type: 'realtime' } },
    ]);
    expect(await check({ provider: 'openai', url })).toMatchObject({ status: 'ok', exitCode: 0 });
  });

  it('reaches the built-in provider without any network', async () => {
    expect(await check({ provider: 'local' })).toMatchObject({ status: 'ok', exitCode: 0 });
  });

  it('tells a server that waits for our settings what it wants', async () => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => sockets.close());
    await once(sockets, 'listening');
    sockets.on('connection', (socket) => {
      socket.once('message', () => socket.send('{"type":"session.updated","session":{}}'));
    });
    const address = sockets.address();
    const url = `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const provider = {
      ...openai,
      profile: (model: string) => ({ ...openai.profile(model), speaksFirst: 'client' as const }),
    };
    const settings = await resolveSettings({ provider: 'openai', url }, environmentIn(directoryWith()));
    expect(await runCheck(providerCheck(settings, async () => provider))).toMatchObject({ status: 'ok' });
  });

  it('fails with the words of the provider when it closes at once', async () => {
    const result = await check({ provider: 'openai', url: await server([], 4000) });
    expect(result.status).toBe('failed');
    expect([5, 6]).toContain(result.exitCode);
  });

  it('fails with exit code 3 and a remedy when the key is missing', async () => {
    const result = await check({ provider: 'openai' });
    expect(result).toMatchObject({ status: 'failed', exitCode: 3 });
    expect(result.remedy).toContain('OPENAI_API_KEY');
  });

  it('fails with exit code 6 when nothing answers', async () => {
    const result = await check({ provider: 'openai', url: 'ws://127.0.0.1:1' });
    expect(result).toMatchObject({ status: 'failed', exitCode: 6 });
  });
});
