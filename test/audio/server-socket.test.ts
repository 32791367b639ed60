import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accepts, serverSocket } from '../../src/audio/server-socket.js';

describe('serverSocket', () => {
  it.each([
    [{ PULSE_SERVER: 'unix:/tmp/x/native' }, '/tmp/x/native'],
    [{ PULSE_SERVER: '{abc}unix:/tmp/x/native' }, '/tmp/x/native'],
    [{ PULSE_SERVER: '/mnt/wslg/PulseServer' }, '/mnt/wslg/PulseServer'],
    [{ PULSE_SERVER: 'tcp:host:4713', XDG_RUNTIME_DIR: '/run/user/1' }, undefined],
    [{ PULSE_RUNTIME_PATH: '/tmp/p', XDG_RUNTIME_DIR: '/run/user/1' }, '/tmp/p/native'],
    [{ XDG_RUNTIME_DIR: '/run/user/1' }, '/run/user/1/pulse/native'],
    [{}, undefined],
  ])('of %j is %s', (env, path) => {
    expect(serverSocket(env, 'linux')).toBe(path);
    expect(serverSocket(env, 'darwin')).toBeUndefined();
  });
});

describe('accepts', () => {
  it.skipIf(process.platform === 'win32')('tells whether somebody listens', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-socket-'));
    const path = join(folder, 'native');
    expect(await accepts(path)).toBe(false);
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await accepts(path)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
});
