import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { builtInStages } from '../engines/built-in.js';
import type { Stages, Voice } from '../engines/core/stages.js';
import { systemVoice } from '../engines/speak/system-voice.js';
import { type Clock, systemClock } from './core/clock.js';
import { type NewId, randomId } from './core/ids.js';
import { errorBody } from './dialects/shared/refusals.js';
import { loadDialect } from './dialects/table.js';
import type { Scenario } from './scenario/scenario-schema.js';
import { paceOf, scenarioStages } from './scenario/scenario-script.js';
import { RealtimeSession } from './session/realtime-session.js';
import { foreignVisitor } from './visitor.js';
import type { Dialect, Upgrade, Verdict } from './wire/dialect.js';
import type { DialectId } from './wire/dialect-ids.js';
import type { DialectOptions } from './wire/dialect-options.js';

export interface LocalServerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** The vendor's protocol to speak; default OpenAI's. */
  readonly dialect?: DialectId | undefined;
  readonly dialectOptions?: DialectOptions | undefined;
  /** The key that clients present in the dialect's way; null or absent accepts every client. */
  readonly token?: string | null | undefined;
  /** Origins of pages that may connect besides those on this machine; `*` for all, and for every name of it. */
  readonly allowOrigins?: readonly string[] | undefined;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** Model of clients that do not name one. */
  readonly model?: string | undefined;
  /** What hears, thinks and speaks in one session without a scenario; default: the built-in stages. */
  readonly stages?: ((voice: Voice) => Stages) | undefined;
  /** Replaces hearing and thinking by a script. */
  readonly scenario?: Scenario | undefined;
  /** Language of clients that do not name one, ISO 639-1. */
  readonly language?: string | undefined;
  /** Multiple of real time at which sound is delivered; default 5, or what the scenario says. */
  readonly pace?: number | undefined;
  /** Longest session in seconds; default the dialect's, or what the scenario says. */
  readonly sessionLimitS?: number | undefined;
  /** Environment in which to look for the system's voice; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** One line per accepted or refused connection. Never contains a token. */
  readonly log?: ((line: string) => void) | undefined;
  /** Replaces the system's voice. */
  readonly voice?: Voice | undefined;
  readonly clock?: Clock | undefined;
  readonly newId?: NewId | undefined;
}

export interface LocalServer {
  /** `ws://…/v1/realtime` or the dialect's path; `wss:` with TLS. */
  readonly url: string;
  readonly dialect: Dialect;
  readonly port: number;
  readonly token: string | null;
  /** Closes every connection (1001) and frees the port. May be called twice. */
  close(): Promise<void>;
}

/** Frames with sound are far smaller; a larger one is an attack or a mistake. */
const maxFrameBytes = 32 * 1024 * 1024;
/** A client that stops reading is disconnected before its unread answers fill the memory. */
const maxUnreadBytes = 64 * 1024 * 1024;
const closeTimeoutMs = 1000;

/**
 * The built-in realtime server: OpenAI's GA dialect over WebSocket, or another vendor's, for any number of independent
 * sessions.
 * @throws the system's error when the address cannot be listened on.
 */
export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const { host = '127.0.0.1', port = 0, token = null, allowOrigins = [], tls, log = () => {} } = options;
  const dialect = await loadDialect(options.dialect ?? 'openai', {
    connectionLimitS: options.scenario?.connectionLimitS,
    callerTurns: options.scenario?.turns.filter(({ when }) => when === undefined).length,
    ...options.dialectOptions,
  });
  const voice = options.voice ?? (await systemVoice(process.platform, options.env));
  const http = tls === undefined ? createServer(refuseHttp) : createTlsServer({ ...tls }, refuseHttp);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    handleProtocols: (offered) =>
      dialect.protocol?.(offered) ?? (offered.has('realtime') ? 'realtime' : false),
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const foreign = foreignVisitor(request.headers, { host, token, allowOrigins });
    if (foreign !== undefined) {
      log(`refused 403 ${foreign.code} ${foreign.value}`);
      refuseUpgrade(socket, {
        kind: 'refused',
        status: 403,
        code: foreign.code,
        body: errorBody(foreign.code, foreign.message),
      });
      return;
    }
    const upgrade = upgradeOf(request, token, options.model);
    const verdict = upgrade === undefined ? noUrl(request) : dialect.judge(upgrade);
    if (verdict.kind === 'refused') {
      log(`refused ${verdict.status} ${verdict.code}`);
      refuseUpgrade(socket, verdict);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      log(
        `connected ${clientOf(request)} ${verdict.kind === 'accepted' ? `model ${verdict.model}` : 'and dismissed'}`,
      );
      client.once('close', (code) => log(`closed ${clientOf(request)} code ${code}`));
      if (verdict.kind === 'accepted') serve(client, verdict, voice, options);
      else dismiss(client, verdict);
    });
  });
  await listen(http, host, port);
  const { port: actualPort } = addressOf(http);
  let closing: Promise<void> | undefined;
  return {
    url: `${tls === undefined ? 'ws' : 'wss'}://${host.includes(':') ? `[${host}]` : host}:${actualPort}${dialect.path}`,
    port: actualPort,
    dialect,
    token,
    close: () => (closing ??= shutDown(http, sockets)),
  };
}

type Accepted = Extract<Verdict, { kind: 'accepted' }>;

function serve(client: WebSocket, verdict: Accepted, voice: Voice, options: LocalServerOptions): void {
  const { clock = systemClock, newId = randomId, scenario, language } = options;
  const session = new RealtimeSession({
    model: verdict.model,
    interpreter: verdict.interpreter,
    clock,
    newId,
    language,
    pace: options.pace ?? paceOf(scenario) ?? 5,
    limitS: options.sessionLimitS ?? scenario?.sessionLimitS,
    stages:
      scenario === undefined
        ? (options.stages ?? builtInStages)(voice)
        : scenarioStages(scenario, voice, newId, clock),
    wire: {
      send: (frame) => {
        if (client.readyState !== client.OPEN) return;
        client.send(frame);
        if (client.bufferedAmount > maxUnreadBytes) client.terminate();
      },
      close: (code, reason) => closeWith(client, code, reason),
    },
  });
  client.on('message', (data: RawData, isBinary) => session.receive(frameOf(data, isBinary)));
  client.on('error', () => {}); // a broken frame; ws closes the connection itself
  client.on('close', () => session.end());
  session.start();
}

/** Codes that a close frame must not carry break the connection instead. */
function closeWith(client: WebSocket, code: number, reason: string): void {
  if ([1005, 1006, 1015].includes(code)) client.terminate();
  else client.close(code, Buffer.from(reason).subarray(0, 123));
}

/** Accepts a client only to tell it why it is disconnected. */
function dismiss(client: WebSocket, { frames, code, reason }: Extract<Verdict, { kind: 'dismissed' }>): void {
  client.on('error', () => {});
  for (const frame of frames) client.send(frame);
  closeWith(client, code, reason);
}

const origin = 'ws://localhost';

function upgradeOf(
  { url = '/', headers }: IncomingMessage,
  token: string | null,
  model: string | undefined,
): Upgrade | undefined {
  // Appended to the origin, not resolved against it: "//host" at the beginning is a path here.
  if (!URL.canParse(`${origin}${url}`)) return undefined;
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return { url: new URL(`${origin}${url}`), headers, protocols, token, model };
}

type Refused = Extract<Verdict, { kind: 'refused' }>;

function noUrl({ url = '/' }: IncomingMessage): Refused {
  const message = `Invalid URL (GET ${url.slice(0, 200)})`;
  return { kind: 'refused', status: 404, code: 'not_found', body: errorBody('not_found', message) };
}

function refuseUpgrade(socket: Duplex, { status, body }: Refused): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const refuseHttp: Parameters<typeof createServer>[1] = (_request, response) => {
  response.writeHead(426, { 'Content-Type': 'application/json', Upgrade: 'websocket' });
  response.end(
    errorBody('upgrade_required', 'This is a WebSocket server: see docs/simulate.md for its address.'),
  );
};

function frameOf(data: RawData, isBinary: boolean): string | Uint8Array {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
  return isBinary ? bytes : bytes.toString('utf8');
}

function clientOf({ socket }: IncomingMessage): string {
  return `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
}

function listen(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

function addressOf(http: Server): AddressInfo {
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address;
}

async function shutDown(http: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  for (const client of sockets.clients) client.close(1001, 'server shutting down');
  const deadline = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
  }, closeTimeoutMs);
  await closed;
  clearTimeout(deadline);
}
