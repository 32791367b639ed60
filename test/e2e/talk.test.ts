import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { program } from '../built.js';
import { PtyScreen } from '../pty-screen.js';

const scenario = {
  voice: 'tone',
  turns: [
    { when: 'weather', tool: { name: 'get_time' }, said: 'It is sunny in 東京 ☀️.' },
    { when: 'story', said: `Once upon a time ${'there was a word, '.repeat(30)}and that was it.` },
  ],
  otherwise: { said: 'I do not know.' },
};

let home: string;
let screen: PtyScreen | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'voxterm-e2e-'));
  writeFileSync(join(home, 'scenario.json'), JSON.stringify(scenario));
});

afterEach(() => {
  screen?.kill();
  rmSync(home, { recursive: true, force: true });
});

/** A home without configuration, keys or sound. */
function environment(): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_RUNTIME_DIR: home,
    PULSE_SERVER: `unix:${join(home, 'no-pulse')}`,
    ALSA_CONFIG_PATH: '/dev/null',
    LANG: 'C.UTF-8',
  };
}

/** Of the one recording there is. */
function transcript(): string {
  const [recording = ''] = readdirSync(join(home, 'recordings'));
  return join(home, 'recordings', recording, 'transcript.md');
}

function start(columns: number, ...args: string[]): PtyScreen {
  const command = [process.execPath, program, '--scenario', join(home, 'scenario.json'), ...args];
  const script = `stty -a > ${home}/before; ${command.join(' ')}; echo "exit $?"; stty -a > ${home}/after`;
  screen = new PtyScreen('/bin/bash', ['--norc', '-c', script], { columns, rows: 24, env: environment() });
  return screen;
}

function expectTerminalRestored(): void {
  expect(readFileSync(join(home, 'after'), 'utf8')).toBe(readFileSync(join(home, 'before'), 'utf8'));
}

it.each([40, 120])('talks in writing at %i columns, with a tool, and leaves in order', async (columns) => {
  const talk = start(columns, '--record', join(home, 'recordings'));
  await talk.shows('● no microphone');
  await talk.shows(/Type\s+your\s+messages/);
  talk.type('the weather?\r');
  await talk.shows(/^you {6}the weather\?$/m);
  await talk.shows(/^voxterm {2}It is sunny in 東京 ☀️\.$/m);
  expect(talk.text).toMatch(/^tool {5}get_time\(\) · done/m);
  // Leaving before the answer is complete would cut it.
  await talk.until(
    () => existsSync(transcript()) && readFileSync(transcript(), 'utf8').includes('東京'),
    'transcript',
  );
  talk.type('\x1b');
  await talk.shows('q quit');
  talk.type('q');
  await talk.shows('exit 0');
  await talk.exited;
  expect(talk.text).toMatch(/^1 turn in 0:0\d/m);
  expectTerminalRestored();
  expect(readFileSync(transcript(), 'utf8')).toContain('It is sunny in 東京 ☀️.');
});

it('keeps its screen clean while it is resized', async () => {
  const talk = start(120);
  await talk.shows('● no microphone');
  talk.type('a story\r');
  await talk.shows('and that was it.');
  for (const columns of [40, 120]) {
    talk.resize(columns, 24);
    await talk.until(
      () => talk.text.split('●').length === 2 && talk.text.split('Enter send').length === 2,
      `one status line at ${columns} columns`,
    );
  }
  expect(talk.text.match(/Once upon a time/g)).toHaveLength(1);
  talk.type('\x03');
  await talk.shows('exit 0');
  await talk.exited;
  expectTerminalRestored();
});

it('gives the terminal back on SIGTERM', async () => {
  const talk = start(80);
  await talk.shows('● no microphone');
  talk.signal('TERM');
  await talk.shows('exit 143');
  await talk.exited;
  expectTerminalRestored();
});

it('answers what comes through a pipe, line by line, and leaves at its end', () => {
  const { CI: _ci, ...inherited } = process.env;
  const stdout = execFileSync(
    process.execPath,
    [program, '--scenario', join(home, 'scenario.json'), '--quiet'],
    {
      input: 'the weather?\nanything else?\n',
      env: { ...inherited, ...environment() },
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: 15_000,
    },
  );
  expect(stdout.replace(/\d\.\d s/, 'N s')).toBe(
    [
      'you: the weather?',
      'tool: get_time() · done · N s',
      'voxterm: It is sunny in 東京 ☀️.',
      'you: anything else?',
      'voxterm: I do not know.',
      '',
    ].join('\n'),
  );
});
