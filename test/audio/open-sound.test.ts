import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDevices } from '../../src/audio/list-devices.js';
import { openSound } from '../../src/audio/open-sound.js';
import type { SoundOptions } from '../../src/audio/sound.js';

const options: SoundOptions = { inputRateHz: 24_000, outputRateHz: 24_000, echo: 'off' };

/** Helpers that misbehave: each answers the first order in its own way. */
const helpers = {
  refuses: `send({ type: 'refused', code: 'audio.no-output', message: 'No speaker was found.', hint: 'Plug one in.' })`,
  crashes: `process.stderr.write('ALSA lib x\\nno more memory\\n'); process.kill(process.pid, 'SIGKILL')`,
  hangs: `setInterval(() => {}, 1000)`,
  native: `order.without.length === 0 ? process.abort() : send({ type: 'opened', backend: 'pulse', inputName: null, outputName: 'speaker' })`,
  babbles: `socket.write(Buffer.from([255, 255, 255, 255, 0]))`,
};

const script = (answer: string) => `
import { Socket } from 'node:net';
const socket = new Socket({ fd: 3, readable: true, writable: true });
socket.on('end', () => process.exit());
function send(message) {
  const json = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(5);
  head.writeUInt32LE(json.length + 1);
  head[4] = 1;
  socket.write(Buffer.concat([head, json]));
}
socket.once('data', (bytes) => {
  const order = JSON.parse(bytes.subarray(5, 4 + bytes.readUInt32LE()).toString());
  ${answer};
});
`;

describe('openSound', () => {
  let folder: string;
  const helper = (name: keyof typeof helpers) => join(folder, `${name}.mjs`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxterm-helper-'));
    for (const [name, answer] of Object.entries(helpers)) {
      await writeFile(join(folder, `${name}.mjs`), script(answer));
    }
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('passes on why the helper refuses', async () => {
    await expect(openSound(options, { helperPath: helper('refuses') })).rejects.toMatchObject({
      name: 'VoxtermError',
      exitCode: 4,
      code: 'audio.no-output',
      message: 'No speaker was found.',
      hint: 'Plug one in.',
    });
  });

  it('reports how the helper died, with its last lines', async () => {
    const opening = openSound({ ...options, backend: 'portaudio' }, { helperPath: helper('crashes') });
    await expect(opening).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('SIGKILL'),
      hint: expect.stringMatching(/Its last words: no more memory\. Check/),
    });
  });

  it('tries without the native addon when that kills the helper', async () => {
    const sound = await openSound(options, { helperPath: helper('native') });
    expect([sound.backend, sound.inputName, sound.outputName]).toEqual(['pulse', null, 'speaker']);
    await sound.close();
    await sound.close();
  });

  it('waits no longer than five seconds', async () => {
    const startedMs = performance.now();
    await expect(openSound(options, { helperPath: helper('hangs') })).rejects.toMatchObject({ exitCode: 4 });
    expect(performance.now() - startedMs).toBeLessThan(5600);
  });

  it('rejects a stream that is not ours', async () => {
    const opening = openSound({ ...options, backend: 'sox' }, { helperPath: helper('babbles') });
    await expect(opening).rejects.toMatchObject({ message: expect.stringContaining('sent invalid data') });
  });

  it('reports a helper that is missing', async () => {
    const opening = openSound({ ...options, backend: 'sox' }, { helperPath: join(folder, 'nothing.js') });
    await expect(opening).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('exit code 1'),
    });
  });
});

describe('listDevices', () => {
  it('passes on why the helper refuses', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-helper-'));
    const helperPath = join(folder, 'refuses.mjs');
    await writeFile(helperPath, script(helpers.refuses));
    await expect(listDevices({ helperPath })).rejects.toMatchObject({ exitCode: 4, hint: 'Plug one in.' });
    await rm(folder, { recursive: true });
  });
});
