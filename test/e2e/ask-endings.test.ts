import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AskHome, type AskRun, fileSound, recording, soundOf } from './ask-driver.js';

const question = recording('question.wav');
const story = `Once upon a time ${'there was a word, '.repeat(60)}and that was it.`;
/** An answer that takes a minute to be heard. */
const long = { pace: 2, turns: [{ heard: 'Story!', said: story }] };
const everything = ['--pace', 'realtime', '-o', 'reply.wav', '--transcript', 'words.md', '--record', 'kept'];

function lost(close: object): object {
  return {
    turns: [{ heard: 'Story!', said: story, faults: { close: { afterDeltas: 12, ...close } } }],
  };
}

/** Everything `everything` asks for is there, whole, and holds the beginning of the story. */
function expectAllKept(home: AskHome): void {
  expect(fileSound(home.path('reply.wav')).rms).toBeGreaterThan(0.02);
  const words =
    /^# Conversation\n\n\*\*You:\*\* Story!\n\n\*\*Assistant:\*\* Once upon.* \*\(interrupted\)\*\n$/;
  expect(home.read('words.md')).toMatch(words);
  const [kept = ''] = readdirSync(home.path('kept'));
  expect(home.read(`kept/${kept}/transcript.md`)).toMatch(words);
  expect(fileSound(home.path(`kept/${kept}/user.wav`)).ms).toBeGreaterThan(2000);
  expect(fileSound(home.path(`kept/${kept}/assistant.wav`)).rms).toBeGreaterThan(0.02);
  const events = home.read(`kept/${kept}/events.ndjson`).trimEnd().split('\n');
  expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ type: 'session.ended' });
}

async function speaking(home: AskHome, run: AskRun): Promise<void> {
  await run.shows('assistant.audio');
  await expect.poll(() => fileSound(home.path('reply.wav')).ms, { timeout: 10_000 }).toBeGreaterThan(700);
}

describe('a connection that is lost', () => {
  it.each([
    [6, { code: 1011, reason: 'overloaded' }],
    [6, { code: 1006 }],
    [5, { code: 4000, reason: 'go away' }],
  ])('exits with %i in one sentence and keeps everything: %j', async (code, close) => {
    const home = new AskHome(lost(close));
    const run = await home.run([question, '-o', 'reply.wav', '--transcript', 'words.md', '--record', 'kept']);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(/^error: The .+\n(hint: .+\n)?$/);
    expect(run.stdout).toMatch(/^you: Story!\nvoxterm: Once upon .*—\n$/);
    expectAllKept(home);
  });

  it('is not waited for by a pipe that stays silent', async () => {
    const home = new AskHome({
      turns: [{ heard: 'x', said: story, faults: { close: { code: 1011, afterDeltas: 2 } } }],
    });
    const run = await home.run(['-', '--json'], {
      stdin: readFileSync(recording('two-turns.wav')).subarray(0, 100_000),
      open: true,
    });
    expect(run.code).toBe(6);
  });
});

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('%s ends in order with %i', async (signal, code) => {
    const home = new AskHome(long);
    const run = home.start([question, ...everything, '--json']);
    await speaking(home, run);
    run.signal(signal);
    expect(await run.exited).toBe(code);
    expect(run.result.said.join(' ')).toMatch(/^Once upon/);
    expect(run.stderr).toBe('');
    expectAllKept(home);
  });

  it('that cannot be caught leaves a reply that plays', async () => {
    const home = new AskHome(long);
    const run = home.start([question, ...everything, '--json']);
    await speaking(home, run);
    run.signal('SIGKILL');
    expect(await run.exited).toBe('SIGKILL');
    expect(fileSound(home.path('reply.wav')).rms).toBeGreaterThan(0.02);
  });

  it('ends the wait for a recording', async () => {
    const home = new AskHome(long);
    const run = home.start(['-', '--json'], { open: true });
    await run.shows('"header"');
    run.signal('SIGINT');
    expect(await run.exited).toBe(130);
    expect(run.stderr).toBe('');
    expect(run.result).toMatchObject({ reason: 'signal', heard: [] });
  });

  it('ends the wait for a server', async () => {
    const deaf = createServer(() => {}).listen(0, '127.0.0.1');
    onTestFinished(() => void deaf.close());
    await expect.poll(() => deaf.address()).not.toBeNull();
    const address = deaf.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const home = new AskHome();
    const args = ['--text', 'hi', '--provider', 'openai', '--url', `ws://127.0.0.1:${port}/v1`, '--json'];
    const run = home.start(args);
    await run.shows('"header"');
    run.signal('SIGTERM');
    expect(await run.exited).toBe(143);
    expect(run.stderr).toBe('');
    expect(run.result.reason).toBe('signal');
  });

  it('sent twice still leaves complete files and a result', async () => {
    const home = new AskHome(long);
    const run = home.start([question, ...everything, '--json']);
    await speaking(home, run);
    run.signal('SIGINT');
    run.signal('SIGTERM');
    expect([130, 143]).toContain(await run.exited);
    expect(run.result.heard).toEqual(['Story!']);
    expectAllKept(home);
  });
});

describe('a time limit', () => {
  it('exits with 8 and keeps what there is', async () => {
    const home = new AskHome(long);
    const run = await home.run([question, ...everything, '--json', '--timeout', '6']);
    expect(run.code).toBe(8);
    expect(run.stderr).toMatch(/^error: Not finished within 6 s \(--timeout\)\.\nhint: .+\n$/);
    expect(run.result).toMatchObject({ reason: 'timeout', turns: 1 });
    expectAllKept(home);
  });

  it('holds for a pipe in which nothing comes', async () => {
    const run = await new AskHome(long).run(['-', '--timeout', '0.5', '--json'], { open: true });
    expect(run.code).toBe(8);
    expect(run.result.message).toContain('Not finished within 0.5 s');
  });
});

/** A disk of 64 KiB, where one can be had. */
function smallDisk(home: AskHome): string | undefined {
  const disk = home.path('disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', disk]));
  return disk;
}

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  it.each([
    ['-o', /^error: "\/dev\/full" cannot be written any further: no space left on device\.\nhint: .+\n$/],
    [
      '--transcript',
      /^error: "\/dev\/full" cannot be written any further: no space left on device\.\nhint: .+\n$/,
    ],
  ])('for %s exits with 2 in words', async (flag, words) => {
    const run = await new AskHome({ turns: [{ heard: 'hi', said: 'Yes.' }] }).run([
      question,
      flag,
      '/dev/full',
      '--json',
    ]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(words);
    expect(run.result).toMatchObject({ reason: 'output.disk-full', said: flag === '-o' ? [] : ['Yes.'] });
  });

  it('for the events exits with 2 in words', async () => {
    const full = openSync('/dev/full', 'w');
    const run = await new AskHome({ turns: [{ heard: 'hi', said: 'Yes.' }] }).run([question, '--json'], {
      stdout: full,
    });
    closeSync(full);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('error: Standard output cannot be written: ENOSPC');
  });

  it('keeps what was written before it was full', async ({ skip }) => {
    const home = new AskHome({ turns: [{ heard: 'Story!', said: story }] });
    const disk = smallDisk(home);
    if (disk === undefined) return skip('no file system can be mounted here');
    const run = await home.run([question, '-o', `${disk}/reply.wav`, '--transcript', 'words.md', '--json']);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(
      /^error: .*reply\.wav" cannot be written any further: no space left on device\.\nhint: .+\n$/,
    );
    expect(run.result).toMatchObject({ reason: 'output.disk-full', turns: 1 });
    expect(home.read('words.md')).toContain('**Assistant:** Once upon');
    const wav = readFileSync(`${disk}/reply.wav`);
    expect(soundOf(wav).ms).toBeGreaterThan(500);
    expect(wav.readUInt32LE(40)).toBeGreaterThan(40_000);
  });
});

describe('a reader that goes away', () => {
  it('ends a run that has nothing else to do, quietly', async () => {
    const run = new AskHome(long).start([question, '--pace', 'realtime', '--json']);
    await run.shows('speech.started');
    run.child.stdout?.destroy();
    expect(await run.exited).toBe(0);
    expect(run.stderr).toBe('');
  });

  it('does not cost a file that was asked for', async () => {
    const home = new AskHome({ turns: [{ heard: 'hi', said: 'It is a longer answer.' }] });
    const run = home.start([question, '--json', '-o', 'reply.wav']);
    run.child.stdout?.destroy();
    expect(await run.exited).toBe(0);
    expect(fileSound(home.path('reply.wav')).ms).toBeGreaterThan(1400);
  });

  it('is told where the reply itself is lost', async () => {
    const run = new AskHome(long).start([question, '--pace', 'realtime', '-o', '-']);
    await run.shows('RIFF');
    run.child.stdout?.destroy();
    expect(await run.exited).toBe(2);
    expect(run.stderr).toContain('error: The program that reads standard output has gone away.\n');
  });

  it('on standard error changes nothing', async () => {
    const run = new AskHome({ turns: [{ heard: 'hi', said: 'Yes.' }] }).start([question, '--verbose']);
    run.child.stderr?.destroy();
    expect(await run.exited).toBe(0);
    expect(run.stdout).toContain('voxterm: Yes.');
  });
});

it('is complete, too, when a tool breaks the program', async () => {
  const home = new AskHome({
    turns: [{ heard: 'Story!', tool: { name: 'bomb' }, said: story }],
  });
  home.write(
    'bomb.mjs',
    `export default { name: 'bomb', description: 'x', parameters: { type: 'object' },
      execute: () => { setTimeout(() => { throw new Error('boom'); }, 1500); return 'done'; } };`,
  );
  const run = await home.run([question, ...everything, '--tool', './bomb.mjs', '--json']);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('boom');
  expect(run.result).toMatchObject({ reason: 'unexpected', heard: ['Story!'] });
  expect(fileSound(home.path('reply.wav')).ms).toBeGreaterThan(0);
  expect(home.read('words.md')).toContain('**You:** Story!');
});

it('several at once do not get into each other’s way', async () => {
  const home = new AskHome({ turns: [{ heard: 'hi', said: 'Yes.' }] });
  const runs = await Promise.all(
    [1, 2, 3].map((n) => home.run([question, '-o', `${n}.wav`, '--record', 'kept'])),
  );
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(readdirSync(home.path('kept'))).toHaveLength(3);
});
