import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listDevices } from '../../src/audio/list-devices.js';
import { openSound } from '../../src/audio/open-sound.js';
import { samplesOf } from '../../src/audio/samples/pcm16.js';
import { adviceOn } from '../../src/cli/advice.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { builtFile, builtUrl, packageRoot } from '../built.js';
import { helperPath, SoundDriver, tone } from './sound-driver.js';
import { SoundServer, soundServerExpected } from './sound-server.js';

const run = promisify(execFile);
const a = { itemId: 'a', contentIndex: 0 };
const b = { itemId: 'b', contentIndex: 0 };

/** Bursts of 400 ms with pauses, like words. */
function words(seconds: number, amplitude: number): Uint8Array {
  const word = Buffer.concat([tone(400, { amplitude }), Buffer.alloc(2 * 2400)]);
  return Buffer.concat(Array.from({ length: seconds * 2 }, () => word));
}

async function helpersOf(pid: number): Promise<number[]> {
  const { stdout } = await run('pgrep', ['-P', String(pid), '-f', 'audio/helper/main.js']).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').filter(Boolean).map(Number);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// Real time on a machine that has other things to do: a single stumble is no defect.
describe.skipIf(!soundServerExpected())('sound, on a virtual sound card', { retry: 2 }, () => {
  let server: SoundServer;
  let driver: SoundDriver | undefined;

  beforeEach(async () => {
    server = await SoundServer.start();
  });

  afterEach(async () => {
    await driver?.sound.close();
    driver = undefined;
    await server.stop();
  });

  it('sounds every sample it was given, bit for bit, and counts them', async () => {
    driver = await SoundDriver.open(server.env);
    const monitor = await server.listen();
    const startedMs = performance.now();
    const pcm = tone(700);
    driver.sound.play(a, pcm);
    driver.sound.endPart(a);
    await driver.next('drained');
    await delay(200);
    expect(driver.all('rendered').at(-1)?.parts).toEqual([{ ...a, samples: pcm.length / 2 }]);
    const heard = monitor.soundSamples(startedMs);
    const given = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
    const first = given.findIndex((sample) => Math.abs(sample) > 32);
    expect(heard.length).toBeGreaterThan(0.99 * given.length);
    expect(heard).toEqual(given.slice(first, first + heard.length));
    expect(driver.all('underrun')).toEqual([]);
  });

  it.each(['portaudio', 'pulse', 'alsa'] as const)(
    'falls silent within 150 ms of a clear and knows what was heard (%s)',
    async (backend) => {
      driver = await SoundDriver.open(server.env, { backend });
      const monitor = await server.listen();
      const startedMs = performance.now();
      driver.sound.play(a, tone(10_000));
      await monitor.firstSoundMs(startedMs);
      await delay(700);
      const clearedMs = performance.now();
      driver.sound.clear(7);
      const cleared = await driver.next('cleared', 500);
      await delay(400);
      expect((monitor.lastSoundMs(startedMs) ?? 0) - clearedMs).toBeLessThan(150);
      expect(cleared.epoch).toBe(7);
      const heardMs = monitor.soundSamples(startedMs).length / 24;
      expect(Math.abs((cleared.parts[0]?.samples ?? 0) / 24 - heardMs)).toBeLessThan(
        backend === 'portaudio' ? 5 : 80,
      );

      const againMs = performance.now();
      driver.sound.play(b, tone(300));
      driver.sound.endPart(b);
      await monitor.firstSoundMs(againMs);
      await driver.next('drained');
      expect(driver.all('rendered').at(-1)?.parts).toEqual([{ ...b, samples: 7200 }]);
    },
  );

  it('goes on without a gap while the session stands still', async () => {
    driver = await SoundDriver.open(server.env);
    const monitor = await server.listen();
    const startedMs = performance.now();
    driver.sound.play(a, tone(2000));
    driver.sound.endPart(a);
    await monitor.firstSoundMs(startedMs);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
    await driver.next('drained');
    await delay(200);
    expect(monitor.gaps(startedMs, 50)).toBe(0);
    expect(driver.all('lost')).toEqual([]);
  });

  it('delivers what is said into the microphone in frames of 20 ms, and zeros when muted', async () => {
    driver = await SoundDriver.open(server.env);
    await driver.next('frame');
    await server.say(tone(1000));
    const loud = driver.all('frame').filter(({ level }) => level > 0.15);
    expect(loud.length).toBeGreaterThan(45);
    expect(loud.length).toBeLessThan(55);
    for (const { audio } of loud) expect(audio).toHaveLength(960);
    driver.sound.setMuted(true);
    await delay(100);
    driver.forget();
    await server.say(tone(500));
    const muted = driver.all('frame');
    expect(muted.length).toBeGreaterThan(20);
    expect(muted.every(({ audio, level }) => level === 0 && audio.every((byte) => byte === 0))).toBe(true);
  });

  it('converts rates on both sides', async () => {
    driver = await SoundDriver.open(server.env, {
      inputRateHz: 16_000,
      outputRateHz: 8000,
      backend: 'portaudio',
    });
    const monitor = await server.listen();
    const startedMs = performance.now();
    driver.sound.play(a, tone(500, { rateHz: 8000 }));
    driver.sound.endPart(a);
    await driver.next('drained');
    expect(driver.all('rendered').at(-1)?.parts).toEqual([{ ...a, samples: 4000 }]);
    await delay(200);
    expect(monitor.soundSamples(startedMs).length / 24).toBeGreaterThan(480);
    await server.say(tone(500));
    const loud = driver.all('frame').filter(({ level }) => level > 0.15);
    expect(loud.length).toBeGreaterThan(20);
    for (const { audio } of loud) expect(audio).toHaveLength(640);
  });

  it('tells after two seconds of digital silence where listening is allowed', async () => {
    driver = await SoundDriver.open(server.env);
    const { hint } = await driver.next('silent', 4000);
    expect(hint).toContain('pavucontrol');
  });

  it('replaces a helper that was killed, and plays again', async () => {
    driver = await SoundDriver.open(server.env);
    const monitor = await server.listen();
    driver.sound.play(a, tone(10_000));
    await monitor.firstSoundMs(0);
    await delay(200);
    const [helper] = await helpersOf(process.pid);
    process.kill(helper ?? 0, 'SIGKILL');
    driver.sound.clear(1);
    const cleared = await driver.next('cleared', 500);
    expect(cleared.parts[0]?.samples).toBeGreaterThan(1200);
    expect((await driver.next('lost')).message).toContain('SIGKILL');
    driver.sound.play(b, tone(400));
    driver.sound.endPart(b);
    const { message } = await driver.next('restored', 3000);
    expect(message).toContain('now using');
    const restoredMs = performance.now();
    await monitor.firstSoundMs(restoredMs);
    await driver.next('drained');
    expect(driver.all('rendered').at(-1)?.parts).toEqual([{ ...b, samples: 9600 }]);
    driver.forget();
    await driver.next('frame', 1000);
  });

  it('tells when the sound server dies, answers clears meanwhile, and closes in time', async () => {
    driver = await SoundDriver.open(server.env);
    driver.sound.play(a, tone(30_000));
    await driver.next('rendered');
    server.kill();
    const killedMs = performance.now();
    await driver.next('lost', 3000);
    expect(performance.now() - killedMs).toBeLessThan(2500);
    driver.sound.clear(1);
    expect((await driver.next('cleared', 500)).parts[0]?.samples).toBeGreaterThan(0);
    await driver.next('failed', 15_000);
    driver.forget();
    driver.sound.play(b, tone(100));
    driver.sound.clear(2);
    await driver.next('cleared', 500);
    const closingMs = performance.now();
    await driver.sound.close();
    expect(performance.now() - closingMs).toBeLessThan(1000);
    for (let n = 0; n < 100 && (await helpersOf(process.pid)).length > 0; n += 1) await delay(100);
    expect(await helpersOf(process.pid)).toEqual([]);
  });

  it('comes back with a sound server that was away for ten seconds, with the same backend', async () => {
    driver = await SoundDriver.open(server.env);
    await driver.next('frame');
    const { backend } = driver.sound;
    server.kill();
    await driver.next('failed', 20_000);
    driver.forget();
    await server.restart();
    const returnedMs = performance.now();
    await driver.next('restored', 5000);
    expect(performance.now() - returnedMs).toBeLessThan(2000);
    expect(driver.sound.backend).toBe(backend);
    const monitor = await server.listen();
    driver.sound.play(a, tone(300));
    driver.sound.endPart(a);
    await monitor.firstSoundMs(returnedMs);
    await driver.next('drained');
    await driver.next('frame', 1000);
  });

  it('never takes the monitor of a speaker for a microphone, but plays without one', async () => {
    await server.control('unload-module', 'module-remap-source');
    await server.control('set-default-source', 'speaker.monitor');
    driver = await SoundDriver.open(server.env);
    expect([driver.sound.inputName, driver.sound.outputName]).toEqual([null, 'Null Output (speaker)']);
    driver.sound.play(a, tone(300));
    driver.sound.endPart(a);
    await driver.next('drained');
    expect(driver.all('frame')).toEqual([]);
  });

  it('leaves no helper behind when the session is killed', async () => {
    const script = `
      const { openSound } = await import(${JSON.stringify(builtUrl('audio/open-sound.js'))});
      await openSound({ inputRateHz: 24000, outputRateHz: 24000, echo: 'off' });
      process.stdout.write('open');`;
    const session = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: server.env,
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: packageRoot,
    });
    await once(session.stdout, 'data');
    const [helper = 0] = await helpersOf(session.pid ?? 0);
    expect(alive(helper)).toBe(true);
    session.kill('SIGKILL');
    for (let n = 0; n < 100 && alive(helper); n += 1) await delay(20);
    expect(alive(helper)).toBe(false);
  });

  it.each(['gate', 'half-duplex'] as const)('does not hear itself (%s)', async (echo) => {
    await server.feedBack(-20);
    driver = await SoundDriver.open(server.env, { echo: 'off' });
    driver.sound.play(a, words(2, 0.3));
    driver.sound.endPart(a);
    await driver.next('drained');
    // The echo is there: without a gate the microphone hears it.
    expect(driver.all('frame').filter(({ level }) => level > 0.01).length).toBeGreaterThan(50);

    driver.sound.setEcho(echo);
    await delay(300);
    driver.forget();
    driver.sound.play(b, words(3, 0.3));
    driver.sound.endPart(b);
    await driver.next('drained');
    await delay(400);
    const frames = driver.all('frame');
    expect(frames.length).toBeGreaterThan(150);
    expect(frames.filter(({ audio }) => samplesOf(audio).some((sample) => Math.abs(sample) > 0.01))).toEqual(
      [],
    );
  });

  it('hears a user who speaks over it through the gate', async () => {
    await server.feedBack(-20);
    driver = await SoundDriver.open(server.env, { echo: 'gate' });
    driver.sound.play(a, words(4, 0.3));
    await delay(1500);
    driver.forget();
    await server.say(tone(600, { amplitude: 0.3 }));
    const heard = driver.all('frame').filter(({ level }) => level > 0.1);
    expect(heard.length).toBeGreaterThan(20);
  });

  it('lists devices and takes them by a part of their name', async () => {
    const { backend, devices } = await listDevices({ env: server.env, helperPath });
    expect(backend).toBe('portaudio');
    expect(devices.filter(({ defaultOutput }) => defaultOutput).map(({ name }) => name)).toEqual([
      'Null Output (speaker)',
    ]);
    driver = await SoundDriver.open(server.env, { inputDevice: 'speaker.MONITOR', outputDevice: 'micfeed' });
    expect(driver.sound.inputName).toContain('speaker.monitor');
    expect(driver.sound.outputName).toContain('micfeed');
    const monitor = await server.listen();
    driver.sound.play(a, tone(300));
    driver.sound.endPart(a);
    await driver.next('drained');
    await delay(100);
    expect(monitor.lastSoundMs(0)).toBeUndefined();
  });

  it.each([
    ['nonsense', 'There is no speaker "nonsense".'],
    ['Null', '"Null" matches 2 devices.'],
  ])('says which devices there are when %s matches none or several', async (outputDevice, message) => {
    await expect(SoundDriver.open(server.env, { outputDevice })).rejects.toMatchObject({
      name: 'VoxtermError',
      exitCode: 4,
      message,
      hint: expect.stringContaining('"Null Output (speaker)"'),
    });
  });

  it('takes the sound server’s own programs where the native addon is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-bare-'));
    await cp(builtFile(''), join(folder, 'dist'), { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    await symlink(join(packageRoot, 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const bare = { env: server.env, helperPath: join(folder, 'dist', 'audio', 'helper', 'main.js') };
    const rates = { inputRateHz: 24_000, outputRateHz: 24_000 };
    try {
      driver = new SoundDriver(await openSound({ ...rates, echo: 'off' }, bare));
      expect(driver.sound.backend).toBe('pulse');
      const monitor = await server.listen();
      driver.sound.play(a, tone(300));
      driver.sound.endPart(a);
      await monitor.firstSoundMs(0);
      await driver.next('frame');
      const missing = openSound({ ...rates, echo: 'off', backend: 'portaudio' }, bare).catch(
        (error: unknown) => error,
      );
      const failure = await missing;
      expect(failure).toMatchObject({
        code: 'audio.no-backend',
        message: expect.stringContaining("Cannot find module 'naudiodon/package.json'"),
        hint: expect.stringContaining('npm left the native module out'),
      });
      if (!(failure instanceof VoxtermError)) throw failure;
      expect(adviceOn(failure)).toContain('--allow-scripts=naudiodon2,segfault-handler');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('does without a microphone, or without a speaker', async () => {
    driver = await SoundDriver.open(server.env, { input: false });
    expect(driver.sound.inputName).toBeNull();
    driver.sound.play(a, tone(100));
    driver.sound.endPart(a);
    await driver.next('drained');
    await delay(1200);
    expect(driver.all('lost')).toEqual([]);
    await driver.sound.close();
    driver = await SoundDriver.open(server.env, { output: false });
    expect(driver.sound.outputName).toBeNull();
    await driver.next('frame');
  });

  it('says within 5 seconds what is wrong where there is no sound at all', async () => {
    await server.stop();
    const startedMs = performance.now();
    await expect(SoundDriver.open(server.env)).rejects.toMatchObject({ name: 'VoxtermError', exitCode: 4 });
    expect(performance.now() - startedMs).toBeLessThan(5500);
  });
});
