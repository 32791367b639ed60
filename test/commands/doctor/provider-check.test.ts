import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CheckResult, runCheck } from '../../../src/commands/doctor/check.js';
import { type ProviderCheckOptions, providerChecks } from '../../../src/commands/doctor/provider-check.js';
import { examine } from '../../../src/commands/doctor.js';
import { resolveSettings } from '../../../src/config/load.js';
import type { CommonFlags } from '../../../src/config/settings.js';
import { openai } from '../../../src/providers/openai/provider.js';
import { directoryWith, environmentIn } from '../../config/files.js';
import { behaving, saying, serve } from '../../e2e/hostile-server.js';
import { memoryIo } from '../session/memory-io.js';

const secret = 'sk-hunter2-hunter2';

interface Visit extends ProviderCheckOptions {
  readonly flags: CommonFlags;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: object;
}

/** What the doctor says of a provider: every check that ran, and the exit code of them all. */
async function visit({ flags, env = {}, config = {}, ...options }: Visit) {
  const directory = directoryWith({ 'voxterm/config.json': JSON.stringify(config) });
  const settings = await resolveSettings(flags, environmentIn(directory, env));
  const checks = await providerChecks(settings, { patienceMs: 400, ...options });
  const { io, written } = memoryIo();
  const exitCode = await examine(checks, io, { json: true, quiet: false, color: false });
  const { checks: findings } = JSON.parse(written.stdout) as { checks: CheckResult[] };
  expect(written.stdout).not.toContain('hunter2');
  return { exitCode, findings, ids: findings.map(({ id }) => id), last: findings.at(-1) };
}

const openaiAt = (url: string) => ({ flags: { provider: 'openai', url } });

describe('providerChecks', () => {
  it('goes from the key to the settings', async () => {
    const { url } = await serve(behaving({}));
    const { exitCode, findings } = await visit({ ...openaiAt(url), env: { OPENAI_API_KEY: secret } });
    expect(exitCode).toBe(0);
    expect(findings.map(({ id, status, detail }) => [id, status, detail.replace(/\d+ ms/, 'N ms')])).toEqual([
      ['provider-key', 'ok', 'OPENAI_API_KEY is set'],
      ['provider-address', 'ok', `${new URL(url).host}, not encrypted`],
      ['provider-handshake', 'ok', 'connected in N ms'],
      ['provider-greeting', 'ok', 'session opened in N ms, with the model m'],
      ['provider-settings', 'ok', 'accepted in N ms'],
    ]);
  });

  it('says what a name means, and how long it took', async () => {
    const { url } = await serve(behaving({}));
    const { findings } = await visit(openaiAt(url.replace('127.0.0.1', 'localhost')));
    expect(findings[1]?.detail).toMatch(/^localhost:\d+ is [\d.:a-f]+, not encrypted; found in \d+ ms$/);
  });

  it('names the proxy in between, which looks names up itself', async () => {
    const proxy = createServer();
    proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Who are you\r\n\r\n'));
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const env = { HTTPS_PROXY: `http://me:hunter2@127.0.0.1:${port}` };
    const { exitCode, findings } = await visit({ ...openaiAt('wss://nowhere.invalid'), env });
    expect(exitCode).toBe(6);
    expect(findings.slice(1)).toMatchObject([
      { detail: `nowhere.invalid, encrypted, through the proxy 127.0.0.1:${port}` },
      { status: 'failed', detail: expect.stringContaining('407'), remedy: expect.stringContaining('USER') },
    ]);
  });

  it('asks nothing, and leaves', async () => {
    const server = await serve(behaving({}));
    await visit(openaiAt(server.url));
    expect(server.received.map((frame) => JSON.parse(frame).type)).toEqual(['session.update']);
  });

  it('reaches the built-in provider without any network', async () => {
    const { exitCode, ids } = await visit({ flags: { provider: 'local' } });
    expect(exitCode).toBe(0);
    expect(ids).toEqual(['provider-handshake', 'provider-greeting', 'provider-settings']);
  });

  it('tells a server that waits for our settings what it wants', async () => {
    const server = await serve(
      saying(({ socket, send }) =>
        socket.once('message', () => send({ type: 'session.updated', session: {} })),
      ),
    );
    const provider = {
      ...openai,
      profile: (model: string) => ({ ...openai.profile(model), speaksFirst: 'client' as const }),
    };
    const { exitCode, ids } = await visit({ ...openaiAt(server.url), find: async () => provider });
    expect(exitCode).toBe(0);
    expect(ids).not.toContain('provider-greeting');
  });

  it('stops at the first step that fails', async () => {
    const { exitCode, ids, last } = await visit({ flags: { provider: 'openai' } });
    expect([exitCode, ids]).toEqual([3, ['provider-key']]);
    expect(last?.remedy).toContain('OPENAI_API_KEY');
  });

  it('does not ask for the key of a server of one’s own', async () => {
    const { url } = await serve(behaving({}));
    const { exitCode, findings } = await visit(openaiAt(url));
    expect(exitCode).toBe(0);
    expect(findings[0]?.detail).toBe('OPENAI_API_KEY: not set, and a server of your own may do without');
  });

  it('only warns of a server that does not confirm settings, for talking works', async () => {
    const { url } = await serve(behaving({ settings: () => {} }));
    const { exitCode, last } = await visit(openaiAt(url));
    expect(exitCode).toBe(0);
    expect(last).toMatchObject({ status: 'warning', detail: 'not confirmed within 0.4 s' });
  });

  it('leaves when its time is over', async () => {
    let gone = false;
    const server = await serve(
      saying(({ socket }) =>
        socket.once('close', () => {
          gone = true;
        }),
      ),
    );
    const settings = await resolveSettings(openaiAt(server.url).flags, environmentIn(directoryWith()));
    const checks = await providerChecks(settings, { patienceMs: 60_000 });
    for (const check of checks.slice(0, 3)) await runCheck(check);
    const greeting = checks[3];
    if (greeting === undefined) throw new Error('no greeting');
    const result = await runCheck({ ...greeting, timeoutMs: 100 });
    expect(result).toMatchObject({ status: 'failed', exitCode: 6 });
    await expect.poll(() => gone).toBe(true);
  });
});
