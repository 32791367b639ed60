import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadScenario } from '../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../src/simulator/server.js';
import { program } from '../built.js';
import { directoryWith } from '../config/files.js';
import { PtyScreen } from '../pty-screen.js';
import { openRelay } from './open-relay.js';
import type { Relay } from './relay.js';

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

/** What a call with agents goes through: a handover, a tool that has to be allowed, and words that must not be said. */
const desk = {
  'call.json': JSON.stringify({
    voice: 'tone',
    turns: [
      { heard: 'My invoice is wrong.', tool: { name: 'transfer_to_billing' }, said: 'Billing here.' },
      { heard: 'When is it due?', tool: { name: 'clock' }, said: 'At {{tool.output}}.' },
      {
        heard: 'Any discount?',
        said: `The code is swordfish, ${'and you may tell it to everybody, '.repeat(4)}bye.`,
      },
      { heard: 'Bye.', said: 'Good bye.' },
    ],
  }),
  'clock.mjs': clock.replace("description: 'The time'", "description: 'The time', approval: 'ask'"),
  'desk.json': JSON.stringify({
    agents: { front: { handoffs: ['billing'] }, billing: { tools: ['./clock.mjs'] } },
    agent: 'front',
    guardrails: [{ name: 'secrets', terms: ['swordfish'] }],
  }),
};

/** A call, and a program that takes part in it over a network that can be cut. */
async function attach(args: readonly string[]): Promise<Run & { readonly relay: Relay }> {
  const files = { 'call.json': JSON.stringify({ voice: 'tone', turns }), 'clock.mjs': clock };
  const { directory, url } = await callWith(files);
  const relay = await openRelay(url);
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

/** A call that says what `call.json` among the files says. */
async function callWith(files: Readonly<Record<string, string>>) {
  const directory = directoryWith(files);
  mkdirSync(join(directory, 'home'));
  const server = await startLocalServer({ scenario: await loadScenario(join(directory, 'call.json')) });
  onTestFinished(() => server.close());
  return { directory, url: server.url };
}

/** The program in a terminal, in the call of the desk. */
async function attachDesk(...args: string[]) {
  const { directory, url } = await callWith(desk);
  const home = join(directory, 'home');
  const command = [program, 'attach', 'rtc_1', '--url', url, '--config', 'desk.json', ...args];
  const screen = new PtyScreen(process.execPath, command, {
    columns: 100,
    rows: 40,
    cwd: directory,
    env: { HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, LANG: 'C.UTF-8' },
  });
  onTestFinished(() => screen.kill());
  return screen;
}

describe('voxterm attach', () => {
  it('asks whoever sits here before a tool runs for the caller', async () => {
    const screen = await attachDesk();
    await screen.shows('Allow clock()? y once, a always, n no');
    screen.type('y\r');
    await screen.shows(/^voxterm {2}At noon\.$/m);
    await screen.shows(/^agent {4}→ billing$/m);
    screen.type('\x03');
    expect(await screen.exited).toBe(0);
  });

  it('hands over in a call, runs what is allowed, and takes stopped words off the line', async () => {
    const screen = await attachDesk('--allow-tool', 'clock', '--json');
    expect(await screen.exited).toBe(0);
    const lines = screen.raw
      .split(/\r?\n/)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const result = lines.at(-1);
    expect(result).toMatchObject({
      reason: 'call.ended',
      agent: 'billing',
      tools: [
        { name: 'transfer_to_billing', ok: true },
        { name: 'clock', ok: true },
      ],
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'agent.handoff', from: 'front', to: 'billing' }),
    );
    const tripped = lines.find(({ type }) => type === 'guardrail.tripped');
    expect(tripped).toMatchObject({ guardrail: 'secrets' });
    expect(lines).toContainEqual(
      expect.objectContaining({
        type: 'response.done',
        responseId: tripped?.responseId,
        status: 'cancelled',
      }),
    );
    expect(lines.map(({ type }) => type)).toContain('playback.cleared');
    expect(JSON.stringify(result?.said)).not.toContain('everybody');
  });

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
