import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { program } from '../built.js';
import { PtyScreen } from '../pty-screen.js';

const memoryServer = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/server-memory/dist/index.js', import.meta.url),
);

const scenario = {
  voice: 'tone',
  turns: [
    { when: 'echo', tool: { name: 'say_back', arguments: { word: 'hi' } }, said: 'Echoed.' },
    { when: 'bill', tool: { name: 'transfer_to_billing' }, said: 'I am billing.' },
    { when: 'memory', tool: { name: 'memory__read_graph' }, said: 'Read.' },
  ],
  otherwise: { said: 'I do not know.' },
};
const config = {
  agents: {
    front: {
      handoffs: ['billing'],
      tools: [
        {
          type: 'command',
          name: 'say_back',
          description: 'Says a word back.',
          command: 'echo',
          args: ['{{word}}'],
          parameters: { type: 'object', properties: { word: { type: 'string' } } },
        },
      ],
    },
    billing: {},
  },
  programs: ['echo'],
};

let home: string;
let screen: PtyScreen | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'voxterm-e2e-'));
  mkdirSync(join(home, 'config', 'voxterm'), { recursive: true });
  writeFileSync(join(home, 'config', 'voxterm', 'config.json'), JSON.stringify(config));
  writeFileSync(join(home, 'scenario.json'), JSON.stringify(scenario));
});

afterEach(() => {
  screen?.kill();
  rmSync(home, { recursive: true, force: true });
});

function start(...args: string[]): PtyScreen {
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_RUNTIME_DIR: home,
    PULSE_SERVER: `unix:${join(home, 'no-pulse')}`,
    ALSA_CONFIG_PATH: '/dev/null',
    LANG: 'C.UTF-8',
  };
  const command = [process.execPath, program, '--scenario', 'scenario.json', '--quiet', ...args].join(' ');
  const script = `cd ${home}; ${command}; echo "exit $?"`;
  screen = new PtyScreen('/bin/bash', ['--norc', '-c', script], { columns: 100, rows: 24, env });
  return screen;
}

it('asks before a program runs, names who speaks, and saves the talk', async () => {
  const talk = start();
  await talk.shows('● no microphone  front');
  talk.type('echo it\r');
  await talk.shows('Allow say_back(word: hi)? y once, a always, n no, then Enter');
  await talk.shows('waits for permission');
  talk.type('y\r');
  await talk.shows(/^tool {5}say_back\(word: hi\) · done/m);
  await talk.shows(/^voxterm {2}Echoed\.$/m);
  talk.type('the bill\r');
  await talk.shows(/^agent {4}→ billing$/m);
  await talk.shows(/● \w+ {2}billing/);
  await talk.shows(/^voxterm {2}I am billing\.$/m);
  talk.type('/save talk.md\r');
  await talk.until(() => existsSync(join(home, 'talk.md')), 'the saved talk');
  expect(readFileSync(join(home, 'talk.md'), 'utf8')).toMatch(/echo it[\s\S]*Echoed\.[\s\S]*the bill/);
  talk.type('\x03');
  await talk.shows('exit 0');
});

it('asks in plain lines where the terminal can do no more', async () => {
  const talk = start('--save-history', 'talk.json', '| cat; true');
  await talk.shows(/Type\s+your\s+messages/);
  talk.type('echo it\r');
  await talk.shows('Allow say_back(word: hi)? y once, a always, n no');
  talk.type('n\r');
  await talk.shows('tool: say_back(word: hi) · failed: say_back was not run: the user did not allow it.');
  await talk.shows('voxterm: Echoed.');
  talk.type('\x04');
  await talk.shows('exit 0');
  expect(readFileSync(join(home, 'talk.json'), 'utf8')).toContain('Echoed.');
});

it('starts the servers of a project after a yes', async () => {
  const servers = { memory: { command: process.execPath, args: [memoryServer] } };
  writeFileSync(join(home, '.mcp.json'), JSON.stringify({ mcpServers: servers }));
  const talk = start('--agent', 'billing');
  await talk.shows(/This directory brings MCP servers[\s\S]*memory: [\s\S]*\[y\/N\]/);
  talk.type('y\r');
  await talk.shows('● no microphone  billing');
  talk.type('memory?\r');
  await talk.shows('Allow memory__read_graph()?');
  talk.type('a\r');
  await talk.shows(/^tool {5}memory__read_graph\(\) · done/m);
  talk.type('\x03');
  await talk.shows('exit 0');
});
