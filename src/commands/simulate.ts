import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { nearestName } from '../base/nearest-name.js';
import type { Io } from '../config/settings.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { loadScenario } from '../simulator/scenario/scenario-file.js';
import { type LocalServer, type LocalServerOptions, startLocalServer } from '../simulator/server.js';
import { type DialectId, dialectIds, dialectQuirks } from '../simulator/wire/dialect-ids.js';
import { onSignals } from './session/signals.js';

export interface SimulateOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. Any address but this machine's own needs a token. */
  readonly host?: string | undefined;
  /** Origins of web pages that may connect besides those of this machine; `*` for all. */
  readonly allowOrigin?: readonly string[] | undefined;
  readonly scenario?: string | undefined;
  /** The dialect to speak; default: OpenAI's. */
  readonly dialect?: string | undefined;
  /** Additional deployments of the simulated resource. */
  readonly deployment?: readonly string[] | undefined;
  /** Behaviour that the vendor shows only sometimes. */
  readonly quirk?: readonly string[] | undefined;
  /** PEM files; both together make it `wss:`. */
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** Spoken language of the built-in voice, ISO 639-1. */
  readonly language?: string | undefined;
}

/**
 * The built-in provider as a server for clients of the OpenAI Realtime API or a related API;
 * VOXTERM_SIMULATE_TOKEN is the key they must send. Prints one JSON line with its URL on stdout, and runs
 * until a signal.
 * @throws VoxtermError exit 2 when the options, the scenario or the host and port cannot be used.
 */
export async function simulate(options: SimulateOptions, io: Io): Promise<ExitCode> {
  const { host = '127.0.0.1', port = 0, language } = options;
  const token = io.env.VOXTERM_SIMULATE_TOKEN || null;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw unusable(`${port} is not a port.`, 'Give a number from 0 (any free port) to 65535.');
  }
  if (token === null && !isThisMachine(host)) {
    throw unusable(
      `Without a token the server would be open to everybody who reaches ${host}.`,
      'Set VOXTERM_SIMULATE_TOKEN, or leave --host away to listen on this machine only.',
    );
  }
  const allowOrigins = options.allowOrigin ?? [];
  checkOrigins(allowOrigins);
  const dialect = dialectNamed(options.dialect ?? 'openai');
  checkQuirks(dialect, options.quirk ?? []);
  const scenario = options.scenario === undefined ? undefined : await loadScenario(options.scenario);
  const tls = await readTls(options);
  const say = (line: string): void => void io.stderr.write(`${line}\n`);
  const server = await start({
    host,
    port,
    token,
    allowOrigins,
    dialect,
    dialectOptions: { deployments: options.deployment, quirks: options.quirk },
    scenario,
    tls,
    language,
    env: io.env,
    log: say,
  });
  io.stdout.write(`${JSON.stringify({ url: server.url, port: server.port, dialect: server.dialect.id })}\n`);
  for (const line of introduction(server, options.scenario)) say(line);
  const exitCode = await new Promise<ExitCode>((resolve) => {
    const stop = onSignals((code) => {
      stop();
      resolve(code);
    });
  });
  await server.close();
  return exitCode;
}

/**
 * How voxterm itself connects to a simulated dialect: its flags without the URL, and what its configuration needs.
 */
const clients: Readonly<Record<DialectId, { readonly flags: string; readonly config?: string }>> = {
  openai: { flags: '--provider openai' },
  beta: {
    flags: '--provider openai',
    config: '"providers": { "openai": { "compat": { "dialect": "beta" } } }',
  },
  azure: { flags: '--provider azure --model gpt-realtime-2.1' },
  gemini: { flags: '--provider gemini' },
  dashscope: { flags: '--provider dashscope' },
  volcengine: { flags: '--provider volcengine' },
  // Any folder is accepted, but the model must name one.
  yandex: { flags: '--provider yandex --model gpt://folder/speech-realtime-260528' },
  xai: { flags: '--provider xai' },
};

function introduction({ url, token, dialect }: LocalServer, scenario: string | undefined): string[] {
  const played = scenario === undefined ? 'the built-in assistant' : `the scenario ${scenario}`;
  const key = token === null ? 'any value will do' : 'the token you set';
  const { flags, config } = clients[dialect.id];
  return [
    `Simulating ${dialect.title} with ${played}.`,
    `  url   ${url}`,
    `  key   ${dialect.keyHeader}, ${key}`,
    `  try   voxterm ${flags} --url ${quoted(url)}`,
    ...(config === undefined ? [] : [`        with ${config} in the configuration`]),
    '  stop  Ctrl+C',
  ];
}

/** As browsers write them: a scheme and a host, with a port that is not the usual one. */
function checkOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    if (origin === '*' || origin === 'null') continue;
    const wanted = URL.canParse(origin) ? originOf(new URL(origin)) : undefined;
    if (wanted === origin) continue;
    throw unusable(
      `${JSON.stringify(origin)} is not the origin of a web page.`,
      `Write ${wanted ?? 'https://app.example or http://app.example:3000'}, "null" for pages without one, or "*" for all.`,
    );
  }
}

/** `URL` knows the origin of web addresses only; browsers' extensions have one, too. */
function originOf({ origin, protocol, host }: URL): string {
  return origin === 'null' ? `${protocol}//${host}` : origin;
}

/** A URL with a query contains characters that are special in a shell. */
function quoted(url: string): string {
  return /[?&]/.test(url) ? `'${url}'` : url;
}

function dialectNamed(name: string): DialectId {
  const id = dialectIds.find((known) => known === name);
  if (id !== undefined) return id;
  const nearest = nearestName(name, dialectIds);
  const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  throw unusable(`There is no dialect named "${name}".`, `${meant}Known dialects: ${dialectIds.join(', ')}.`);
}

function checkQuirks(dialect: DialectId, quirks: readonly string[]): void {
  const known = dialectQuirks[dialect] ?? [];
  const unknown = quirks.find((quirk) => !known.includes(quirk));
  if (unknown === undefined) return;
  const hint = known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`;
  throw unusable(`The dialect ${dialect} has no quirk named "${unknown}".`, hint);
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

async function readTls({ tlsCert, tlsKey }: SimulateOptions): Promise<LocalServerOptions['tls']> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw unusable(
      'TLS needs a certificate and its key.',
      'Give both --tls-cert and --tls-key, as PEM files.',
    );
  }
  const [cert, key] = await Promise.all([readPem(tlsCert), readPem(tlsKey)]);
  return { cert, key };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unusable(`The file ${path} cannot be read.`, 'Give the path of a PEM file.', cause);
  }
}

async function start(options: LocalServerOptions): Promise<LocalServer> {
  try {
    return await startLocalServer(options);
  } catch (cause) {
    const { host, port } = options;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    switch (code) {
      case 'EADDRINUSE':
        throw unusable(
          `Port ${port} of ${host} is in use.`,
          'Choose another, or --port 0 for any free one.',
          cause,
        );
      case 'EACCES':
        throw unusable(`This user may not open port ${port}.`, 'Choose one above 1023.', cause);
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        throw unusable(
          `${host} is not an address of this machine.`,
          'Leave --host away for 127.0.0.1.',
          cause,
        );
      default:
        if (typeof code === 'string' && code.startsWith('ERR_OSSL')) {
          throw unusable(
            'The certificate or its key cannot be used.',
            'Both have to be PEM and belong together.',
            cause,
          );
        }
        throw cause;
    }
  }
}

function unusable(message: string, hint: string, cause?: unknown): VoxtermError {
  return new VoxtermError(message, { code: 'simulate.unusable', exitCode: ExitCode.usage, hint, cause });
}
