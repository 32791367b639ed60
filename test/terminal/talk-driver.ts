import { connect as connectSocket } from 'node:net';
import { createInterface } from 'node:readline';
import { talk } from '../../src/commands/talk.js';
import type { Settings } from '../../src/config/settings.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { FakeSession, type FakeSessionOptions } from './fake-session.js';

/**
 * The program of the pty tests: `talk` with a session that the test directs through a socket. Each line from the test
 * is a {@link Direction}, each line to it one call that the terminal made, as a JSON string.
 */
export interface DriverOptions extends FakeSessionOptions {
  readonly output?: Partial<Settings['output']>;
  /** The sound that cannot be opened. */
  readonly noSound?: string;
}

/** What the test can do to the session. */
export interface Direction {
  readonly emit?: Parameters<FakeSession['emit']>;
  readonly state?: FakeSession['state'];
  readonly levels?: readonly [input: number, output: number];
  readonly end?: Parameters<FakeSession['end']>[0];
  /** Fails like a bug. */
  readonly crash?: string;
}

const [socketPath = '', optionsText = '{}'] = process.argv.slice(2);
const options: DriverOptions = JSON.parse(optionsText);
const socket = connectSocket(socketPath);
const tell = (line: string): void => void socket.write(`${JSON.stringify(line)}\n`);
const session = new FakeSession({ ...options, onCall: tell });

createInterface({ input: socket }).on('line', (line) => {
  const direction: Direction = JSON.parse(line);
  if (direction.state !== undefined) session.state = direction.state;
  if (direction.levels !== undefined) {
    session.onLevel?.('input', direction.levels[0]);
    session.onLevel?.('output', direction.levels[1]);
  }
  if (direction.emit !== undefined) session.emit(...direction.emit);
  if (direction.end !== undefined) void session.end(direction.end);
  const { crash } = direction;
  if (crash !== undefined) {
    setImmediate(() => {
      throw new Error(crash);
    });
  }
});

const settings: Settings = {
  provider: 'fake',
  providerSource: 'flag',
  turnsSource: 'default',
  model: 'parrot-1',
  url: undefined,
  insecure: false,
  keyVariables: [],
  language: undefined,
  session: {},
  options: {},
  audio: { backend: 'auto', inputDevice: undefined, outputDevice: undefined, echo: 'auto' },
  tools: [],
  toolTimeoutMs: 10_000,
  weather: { geocodingUrl: undefined, forecastUrl: undefined },
  team: {
    agents: {},
    start: undefined,
    startNamed: false,
    guardrails: [],
    guardrailDebounce: undefined,
    variables: {},
    programs: [],
    approvals: {},
    allowTools: [],
    mcpSources: [],
    mcpConfig: undefined,
  },
  conversation: {},
  resume: undefined,
  saveHistory: undefined,
  trace: undefined,
  scenario: undefined,
  record: undefined,
  logFile: undefined,
  env: {},
  output: {
    json: false,
    jsonAudio: false,
    quiet: false,
    verbose: false,
    color: { stdout: false, stderr: false },
    ...options.output,
  },
};
const { stdin, stdout, stderr } = process;
const env = { TERM: process.env.TERM };

process.exitCode = await talk(
  settings,
  { stdin, stdout, stderr, env },
  {
    connect: async (_, { openSound } = {}) => {
      if (session.sound === null) await openSound?.(session.profile);
      tell('connected');
      return session;
    },
    openDevices: async () => {
      const message = options.noSound ?? 'No sound device was found.';
      throw new VoxtermError(message, { code: 'audio.none', exitCode: 4 });
    },
    exit: (exitCode) => process.exit(exitCode),
  },
);
socket.end();
