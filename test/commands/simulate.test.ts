import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type SimulateOptions, simulate } from '../../src/commands/simulate.js';
import type { Io } from '../../src/config/settings.js';
import { findProvider } from '../../src/providers/registry.js';
import { dialectIds } from '../../src/simulator/wire/dialect-ids.js';

/** Streams of a test, and what was written to them. */
function streams(env: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => {
    const pass = new PassThrough();
    pass.on('data', (chunk) => {
      written[name] += String(chunk);
    });
    return Object.assign(Object.create(process[name]), { write: (text: string) => pass.write(text) });
  };
  const io: Io = {
    stdin: process.stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { PATH: '', ...env },
  };
  return { io, written };
}

/** Starts it, waits for its address, and gives the way to end it with a signal. */
async function running(options: SimulateOptions = {}, env: Record<string, string> = {}) {
  const { io, written } = streams(env);
  const exitCode = simulate(options, io);
  while (!written.stdout.includes('\n')) {
    await Promise.race([exitCode, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  return {
    written,
    address: JSON.parse(written.stdout) as unknown,
    async signal(name: 'SIGINT' | 'SIGTERM') {
      process.emit(name, name);
      return exitCode;
    },
  };
}

async function refusal(options: SimulateOptions, env: Record<string, string> = {}) {
  const { io, written } = streams(env);
  const error: unknown = await simulate(options, io).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(written.stdout).toBe('');
  return error;
}

describe('voxterm simulate', () => {
  test('prints one line of JSON, and how to connect beside it', async () => {
    const { written, address, signal } = await running({ scenario: 'examples/scenarios/weather.json' });
    expect(address).toEqual({
      url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime$/),
      port: expect.any(Number),
      dialect: 'openai',
    });
    expect(written.stdout.split('\n')).toHaveLength(2);
    expect(written.stderr).toMatch(/weather\.json/);
    expect(written.stderr).toMatch(/--provider openai --url ws:/);
    expect(await signal('SIGTERM')).toBe(143);
  });

  test('speaks another dialect, and says how to reach it', async () => {
    const { written, address, signal } = await running({ dialect: 'beta' });
    expect(address).toMatchObject({ dialect: 'beta' });
    expect(written.stderr).toMatch(/^Simulating a realtime server in the dialect of OpenAI’s beta/);
    expect(written.stderr).toMatch(/with "providers": .* in the configuration/);
    expect(await signal('SIGTERM')).toBe(143);
  });

  test.each(dialectIds)('says for %s a command that works, without a warning', async (dialect) => {
    const { written, signal } = await running({ dialect });
    const line = /try {3}voxterm (.*)/.exec(written.stderr)?.[1] ?? '';
    const flag = (name: string) => new RegExp(`--${name} '?([^ ']+)`).exec(line)?.[1];
    const provider = await findProvider(flag('provider') ?? '');
    const connection = { model: flag('model') ?? provider.defaultModel, url: flag('url'), env: {} };
    const { url, headers } = provider.endpoint(connection);
    const socket = new WebSocket(url, { headers });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    expect(provider.notes?.({}, connection).map(({ code }) => code) ?? []).not.toContain('model.retiring');
    socket.terminate();
    await signal('SIGTERM');
  });

  test('says goodbye to its clients on SIGINT', async () => {
    const { written, signal } = await running({}, { VOXTERM_SIMULATE_TOKEN: 'secret' });
    const { url }: { url: string } = JSON.parse(written.stdout);
    const socket = new WebSocket(url, { headers: { Authorization: 'Bearer secret' } });
    await new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    expect(await signal('SIGINT')).toBe(130);
    expect(await closed).toBe(1001);
    expect(written.stdout + written.stderr).not.toContain('secret');
  });

  test('is not open to the world without a token', async () => {
    expect(await refusal({ host: '0.0.0.0' })).toMatchObject({
      exitCode: 2,
      message: 'Without a token the server would be open to everybody who reaches 0.0.0.0.',
      hint: expect.stringMatching(/VOXTERM_SIMULATE_TOKEN/),
    });
    const { signal } = await running({ host: '0.0.0.0' }, { VOXTERM_SIMULATE_TOKEN: 'secret' });
    expect(await signal('SIGTERM')).toBe(143);
  });

  test('names the port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await refusal({ port })).toMatchObject({
      exitCode: 2,
      message: `Port ${port} of 127.0.0.1 is in use.`,
    });
    await new Promise((resolve) => other.close(resolve));
  });

  test.each<[string, SimulateOptions, RegExp]>([
    ['a port that is none', { port: 70_000 }, /^70000 is not a port\.$/],
    ['half of TLS', { tlsCert: 'package.json' }, /^TLS needs a certificate and its key\.$/],
    [
      'a certificate that is not there',
      { tlsCert: '/nowhere', tlsKey: '/nowhere' },
      /^The file \/nowhere cannot be read\.$/,
    ],
    [
      'a certificate that is none',
      { tlsCert: 'package.json', tlsKey: 'package.json' },
      /certificate or its key/,
    ],
    ['a dialect nobody speaks', { dialect: 'azur' }, /^There is no dialect named "azur"\.$/],
    [
      'an origin that is an address',
      { allowOrigin: ['https://app.example/'] },
      /^"https:\/\/app\.example\/" is not the origin of a web page/,
    ],
    ['an origin that is a name', { allowOrigin: ['*', 'app.example'] }, /^"app\.example" is not the origin/],
    [
      'a quirk nobody has',
      { dialect: 'yandex', quirk: ['mood'] },
      /^The dialect yandex has no quirk named "mood"/,
    ],
    ['a scenario that is not there', { scenario: '/nowhere.json' }, /^There is no scenario file/],
  ])('refuses %s', async (_, options, message) => {
    expect(await refusal(options)).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });
});
