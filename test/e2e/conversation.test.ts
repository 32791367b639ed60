/**
 * Whole conversations through the built program: words played into a virtual microphone, silence and sound measured at
 * the virtual speaker, events read from standard output.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAudio } from '../../src/audio/decode.js';
import type { SessionEvent } from '../../src/contract/session-events.js';
import { program } from '../built.js';
import { SoundServer, soundServerExpected } from './sound-server.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rateHz = 24_000;

type Line = SessionEvent | { readonly type: 'result'; readonly exitCode: number };
type Of<T extends Line['type']> = Extract<Line, { type: T }>;

/** A line and when it arrived, as `performance.now()`. */
interface Arrival {
  readonly line: Line;
  readonly atMs: number;
}

class Talk {
  readonly lines: Arrival[] = [];
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(env: NodeJS.ProcessEnv, args: readonly string[]) {
    const command = [program, 'talk', '--json', ...args];
    const child = spawn(process.execPath, command, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    createInterface({ input: child.stdout }).on('line', (text) => {
      this.lines.push({ line: JSON.parse(text), atMs: performance.now() });
    });
    this.child = child;
    this.exited = new Promise((resolve) => child.once('exit', resolve));
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** The first line of a type from the given place on. Waits for it. */
  async next<T extends Line['type']>(
    type: T,
    from = 0,
    deadlineMs = 8000,
  ): Promise<{ event: Of<T>; atMs: number; index: number }> {
    for (
      const startedAtMs = performance.now();
      performance.now() - startedAtMs < deadlineMs;
      await delay(5)
    ) {
      const index = this.lines.findIndex(({ line }, place) => place >= from && line.type === type);
      const found = this.lines[index];
      if (found !== undefined) return { event: found.line as Of<T>, atMs: found.atMs, index };
    }
    throw new Error(
      `no ${type} within ${deadlineMs} ms; there was: ${this.lines.map(({ line }) => line.type).join(' ')}`,
    );
  }

  of<T extends Line['type']>(type: T): Of<T>[] {
    return this.lines.map(({ line }) => line).filter((line): line is Of<T> => line.type === type);
  }
}

async function question(): Promise<Uint8Array> {
  const input = await openAudio(here('../fixtures/audio/question.wav'), { rateHz });
  const frames: Uint8Array[] = [];
  for await (const frame of input.frames) frames.push(frame);
  return Buffer.concat(frames);
}

const story = `Once upon a time ${'there was a word, '.repeat(40)}and that was it.`;

// What sounds when is measured in real time, on machines that others use too: hence the second try.
describe.skipIf(!soundServerExpected())('a spoken conversation', { timeout: 60_000, retry: 2 }, () => {
  let server: SoundServer;
  let home: string;
  let talk: Talk | undefined;
  let spoken: Uint8Array;

  beforeEach(async () => {
    spoken = await question();
    server = await SoundServer.start(rateHz);
    home = mkdtempSync(join(tmpdir(), 'voxterm-conversation-'));
  });

  afterEach(async () => {
    talk?.signal('SIGKILL');
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function begin(scenario: object, ...args: string[]): Promise<Talk> {
    writeFileSync(join(home, 'scenario.json'), JSON.stringify(scenario));
    const env = { ...server.env, HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home };
    const started = new Talk(env, ['--scenario', join(home, 'scenario.json'), ...args]);
    talk = started;
    await started.next('session.ready');
    await delay(300); // the first blocks of a stream that has just been opened are silence
    return started;
  }

  it('hears a question, answers it audibly, and leaves in order', async () => {
    const running = await begin({
      voice: 'tone',
      turns: [{ heard: 'What is the weather?', said: 'It is sunny.' }],
    });
    const monitor = await server.listen();
    const sinceMs = performance.now();
    await server.say(spoken);
    await running.next('response.done');
    expect(running.of('user.transcript.done')).toMatchObject([
      { text: 'What is the weather?', typed: false },
    ]);
    await monitor.firstSoundMs(sinceMs);
    await delay(1500);
    expect(monitor.soundSamples(sinceMs).length).toBeGreaterThan(rateHz / 4);
    monitor.stop();
    running.signal('SIGTERM');
    expect(await running.exited).toBe(143);
    expect(running.lines.at(-1)?.line).toMatchObject({
      type: 'result',
      exitCode: 143,
      said: ['It is sunny.'],
    });
  });

  it('falls silent at the speaker when the user begins to speak, and remembers what was heard', async () => {
    const running = await begin(
      {
        voice: 'tone',
        turns: [
          { heard: 'Tell me a story.', said: story },
          { heard: 'Stop.', said: 'Yes.' },
        ],
      },
      '--echo',
      'off',
    );
    const monitor = await server.listen();
    const sinceMs = performance.now();
    await server.say(spoken);
    const firstSoundMs = await monitor.firstSoundMs(sinceMs);
    await delay(1500);
    const saying = server.say(spoken);
    const cleared = await running.next('playback.cleared');
    // The answer to the interruption comes much later than this.
    await delay(300);
    const silentAfterMs = (monitor.lastSoundMs(sinceMs) ?? 0) - cleared.atMs;
    expect(silentAfterMs).toBeLessThan(150);
    const audibleMs = (monitor.lastSoundMs(sinceMs) ?? 0) - firstSoundMs;
    expect(Math.abs(cleared.event.heardMs - audibleMs)).toBeLessThan(150);
    expect(cleared.event.heardMs).toBeLessThan(cleared.event.receivedMs);
    await saying;
    const cut = running
      .of('history.updated')
      .find(({ item }) => item.kind === 'message' && item.state === 'cut');
    expect(cut?.item.kind === 'message' && cut.item.text).toMatch(/^Once upon a time/);
    expect(cut?.item.kind === 'message' && cut.item.text.length).toBeLessThan(story.length);
    monitor.stop();
  });

  it('keeps listening at its pace while a tool takes five seconds', async () => {
    writeFileSync(
      join(home, 'slow.mjs'),
      `export default {
        name: 'slow', description: 'Takes its time.', timeoutMs: 10_000,
        execute: () => new Promise((resolve) => setTimeout(() => resolve('done'), 5000)),
      };`,
    );
    const recordings = join(home, 'recordings');
    const scenario = {
      voice: 'tone',
      turns: [
        { heard: 'Go.', tool: { name: 'slow' }, said: 'Done.' },
        { heard: 'Still there?', said: 'Yes.' },
      ],
    };
    const running = await begin(scenario, '--tool', join(home, 'slow.mjs'), '--record', recordings);
    await server.say(spoken);
    const started = await running.next('tool.started');
    await delay(500);
    // A second turn in the middle of the tool call is heard, and answered, at once.
    await server.say(spoken);
    const stopped = await running.next('speech.stopped', started.index);
    const answered = await running.next('response.started', stopped.index);
    expect(answered.atMs - stopped.atMs).toBeLessThan(500);
    expect(running.of('tool.finished')).toEqual([]);
    const finished = await running.next('tool.finished');
    expect(finished.event.durationMs).toBeGreaterThan(4900);
    expect(finished.event.durationMs).toBeLessThan(5600);
    await running.next('response.started', finished.index);
  });

  it('does not interrupt itself when the microphone hears the speaker', async () => {
    const running = await begin({
      turns: [
        {
          heard: 'Tell me a story.',
          said: 'Once upon a time there was a little house at the edge of a dark forest, and in it lived an old man with his cat.',
        },
      ],
    });
    await server.feedBack(-20);
    await server.say(spoken);
    await running.next('response.done', 0, 20_000);
    await delay(6000);
    expect(running.of('playback.cleared')).toEqual([]);
    expect(running.of('speech.started')).toHaveLength(1);
  });

  it('finds out that it hears itself, says so once, and stops doing it', async () => {
    const own =
      'There was a little house at the edge of a dark forest, and in it lived an old man with his cat and his dog.';
    const turns = Array.from({ length: 6 }, () => ({ heard: own, said: own }));
    const scenario = { turns: [{ heard: 'Tell me a story.', said: own }, ...turns] };
    // As loud as the speaker itself: more than the gate can tell from a user.
    const running = await begin(scenario, '--echo', 'auto');
    await server.feedBack(12);
    await server.say(spoken);
    const warning = await running.next('warning', 0, 40_000);
    expect(warning.event).toMatchObject({ code: 'echo.self-hearing' });
    const before = running.of('playback.cleared').length;
    await delay(8000);
    expect(running.of('playback.cleared').length - before).toBeLessThanOrEqual(1);
    expect(running.of('warning').filter(({ code }) => code === 'echo.self-hearing')).toHaveLength(1);
  });
});
