import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadScenario } from '../../src/providers/local/scenario-file.js';
import { startLocalServer } from '../../src/providers/local/server.js';
import { directoryWith } from '../config/files.js';
import { Relay } from './relay.js';

const program = fileURLToPath(new URL('../../bin/voxterm.js', import.meta.url));

const turns = [
  {
    heard: 'How late is it?',
    tool: { name: 'clock', arguments: { zone: 'UTC' } },
    said: 'It is {{tool.output}}.',
  },
  { heard: 'Thank you.', said: 'Good bye.' },
];

const clock = `export default {
  name: 'clock',
  description: 'The time',
  parameters: { type: 'object', properties: { zone: { type: 'string' } } },
  execute: () => new Promise((resolve) => setTimeout(resolve, 700, 'noon')),
};`;

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  out: string;
  err: string;
}

/** A call, and a program that takes part in it over a network that can be cut. */
async function attach(args: readonly string[]): Promise<Run & { readonly relay: Relay }> {
  const directory = directoryWith({
    'call.json': JSON.stringify({ voice: 'tone', turns }),
    'clock.mjs': clock,
  });
  mkdirSync(join(directory, 'home'));
  const server = await startLocalServer({ scenario: await loadScenario(join(directory, 'call.json')) });
  onTestFinished(() => server.close());
  const relay = await Relay.to(server.url);
  const child = spawn(
    process.execPath,
    [program, 'attach', ...args, '--url', relay.url, '--tool', join(directory, 'clock.mjs')],
    {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: join(directory, 'home'),
        XDG_CONFIG_HOME: join(directory, 'home'),
      },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const run = { child, exited, relay, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    run.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    run.err += String(chunk);
  });
  return run;
}

describe('voxterm attach', () => {
  it('prints what is said in a call, runs its tools, and ends with it', async () => {
    const run = await attach(['rtc_1']);
    expect(await run.exited).toBe(0);
    expect(run.out).toMatch(
      /^you: How late is it\?\ntool: clock.*done.*\nvoxterm: It is noon\.\nyou: Thank you\.\nvoxterm: Good bye\.\n$/,
    );
    expect(run.err).toContain('The call has ended.');
    expect(run.err).not.toContain('goes on');
  });

  it('goes back to its call when the network broke while a tool was running', async () => {
    const run = await attach(['rtc_1', '--json']);
    await vi.waitFor(() => expect(run.out).toContain('"tool.started"'), 15_000);
    run.relay.cut();
    expect(await run.exited).toBe(0);
    const lines = run.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ type }) => type === 'link.restored')).toMatchObject({ stateRestored: true });
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      exitCode: 0,
      reason: 'call.ended',
      said: ['It is noon.', 'Good bye.'],
      tools: [{ name: 'clock', ok: true }],
    });
  });

  it('leaves by a signal, and says that the call goes on', async () => {
    const run = await attach(['rtc_1']);
    await vi.waitFor(() => expect(run.out).toContain('you: '), 15_000);
    run.child.kill('SIGINT');
    expect(await run.exited).toBe(130);
    expect(run.err).toContain('The call goes on without voxterm');
  });

  it.each([
    ['a word that is no id', ['call_1'], 2, 'is not the id of a call'],
    ['an id with a query in it', ['rtc_1&model=x'], 2, 'is not the id of a call'],
    ['a provider without calls', ['rtc_1', '--provider', 'xai'], 3, 'has no telephone calls'],
  ])('refuses %s', async (_what, args, exitCode, words) => {
    const run = await attach(args);
    expect(await run.exited).toBe(exitCode);
    expect(run.err).toContain(words);
    expect(run.out).toBe('');
  });
});
