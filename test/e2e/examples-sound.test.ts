/** The voice agent of the examples, with a microphone and a speaker that can be measured. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAudio } from '../../src/audio/decode.js';
import { packageRoot } from '../built.js';
import { SoundServer, soundServerExpected } from './sound-server.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rateHz = 24_000;

const scenario = {
  voice: 'tone',
  turns: [
    {
      heard: 'Какая погода в Париже?',
      tool: { name: 'get_weather', arguments: { city: 'Париж' } },
      said: `В городе {{tool.city}} {{tool.condition}}. ${'И это ещё не всё, что можно сказать. '.repeat(8)}`,
    },
    { heard: 'Хватит.', said: 'Хорошо.' },
  ],
};

describe.skipIf(!soundServerExpected())('the voice agent example', { timeout: 60_000, retry: 2 }, () => {
  let server: SoundServer;
  let home: string;
  let agent: ChildProcess;
  let said = '';

  beforeEach(async () => {
    server = await SoundServer.start(rateHz);
    home = mkdtempSync(join(tmpdir(), 'voxterm-example-'));
    writeFileSync(join(home, 'scenario.json'), JSON.stringify(scenario));
    const env = {
      ...server.env,
      HOME: home,
      VOXTERM_PROVIDER: 'local',
      VOXTERM_SCENARIO: join(home, 'scenario.json'),
    };
    said = '';
    agent = spawn(process.execPath, [join(packageRoot, 'examples/agents/yandex.mjs')], { env });
    for (const stream of [agent.stdout, agent.stderr]) stream?.on('data', (bytes) => (said += String(bytes)));
  });

  afterEach(async () => {
    agent.kill('SIGKILL');
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function until(words: RegExp): Promise<void> {
    for (const sinceMs = performance.now(); !words.test(said); await delay(20)) {
      if (performance.now() - sinceMs > 10_000) throw new Error(`waited for ${words}; it said: ${said}`);
    }
  }

  it('hears, calls its function, speaks, and falls silent when it is spoken to', async () => {
    const question = await recording();
    await until(/Говорите/);
    await delay(300); // the first blocks of a stream that has just been opened are silence
    const monitor = await server.listen();
    const sinceMs = performance.now();
    await server.say(question);
    await until(/user: Какая погода в Париже\?\n/);
    await until(/get_weather: \{"city":"Париж",/);
    await monitor.firstSoundMs(sinceMs, 8000);
    await delay(1000);
    const interruptedAtMs = performance.now();
    await server.say(question);
    await until(/agent: Хорошо\.\n/);
    // The first answer would have gone on for ten more seconds.
    expect((monitor.lastSoundMs(sinceMs) ?? 0) - interruptedAtMs).toBeLessThan(5000);
    monitor.stop();
    const exited = new Promise((resolve) => agent.once('exit', resolve));
    agent.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(said).toMatch(/Выход\.\n$/);
  });
});

async function recording(): Promise<Uint8Array> {
  const input = await openAudio(here('../fixtures/audio/question.wav'), { rateHz });
  const frames: Uint8Array[] = [];
  for await (const frame of input.frames) frames.push(frame);
  return Buffer.concat(frames);
}
