import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { builtInStages } from './built-in.js';
import { type Clock, systemClock } from './clock.js';
import { randomId } from './ids.js';
import { RealtimeSession } from './realtime-session.js';
import type { Scenario } from './scenario-schema.js';
import { paceOf, scenarioStages } from './scenario-script.js';
import type { Voice } from './stages.js';
import { systemVoice } from './system-voice.js';
import { judgeUpgrade, type UpgradeRefusal } from './upgrade.js';
import type { NewId } from './wire.js';

export interface LocalServerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** What clients present as bearer token or insecure-api-key subprotocol; null or absent lets everybody in. */
  readonly token?: string | null | undefined;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** Model of clients that name none. */
  readonly model?: string | undefined;
  /** Replaces hearing and thinking by a script. */
  readonly scenario?: Scenario | undefined;
  /** Language of clients that name none, ISO 639-1. */
  readonly language?: string | undefined;
  /** Multiple of real time at which sound is delivered; default 5, or what the scenario says. */
  readonly pace?: number | undefined;
  /** Longest session in seconds; default 3600, or what the scenario says. */
  readonly sessionLimitS?: number | undefined;
  /** Where the system's voice is looked for; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** One line per connection and per refused one. Never holds a token. */
  readonly log?: ((line: string) => void) | undefined;
  /** Replaces the system's voice. */
  readonly voice?: Voice | undefined;
  readonly clock?: Clock | undefined;
  readonly newId?: NewId | undefined;
}

export interface LocalServer {
  /** `ws://…/v1/realtime`, or `wss:` with TLS. */
  readonly url: string;
  readonly port: number;
  readonly token: string | null;
  /** Says goodbye to every client (1001) and frees the port. Twice does no harm. */
  close(): Promise<void>;
}

/** A sound-filled `response.done` or append is far below; a frame above is an attack or a mistake. */
const maxFrameBytes = 32 * 1024 * 1024;
/** A client that stops reading is let go before its unread answers fill the memory. */
const maxUnreadBytes = 64 * 1024 * 1024;
const goodbyeMs = 1000;

/**
 * The built-in realtime server: OpenAI's GA dialect over WebSocket, any number of independent sessions.
 * @throws the system's error when the address cannot be listened on.
 */
export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const { host = '127.0.0.1', port = 0, token = null, tls, log = () => {} } = options;
  const voice = options.voice ?? (await systemVoice(process.platform, options.env));
  const http = tls === undefined ? createServer(refuseHttp) : createTlsServer({ ...tls }, refuseHttp);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    handleProtocols: (offered) => (offered.has('realtime') ? 'realtime' : false),
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const verdict = judgeUpgrade(request, token, options.model ?? 'gpt-realtime-2.1');
    if ('status' in verdict) {
      log(`refused ${verdict.status} ${verdict.code}`);
      refuseUpgrade(socket, verdict);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (verdict.beta) refuseBeta(client, options.newId ?? randomId);
      else serve(client, verdict.model, voice, options);
      log(`connected ${clientOf(request)} model ${verdict.model}`);
      client.once('close', (code) => log(`closed ${clientOf(request)} code ${code}`));
    });
  });
  await listen(http, host, port);
  const { port: actualPort } = addressOf(http);
  let closing: Promise<void> | undefined;
  return {
    url: `${tls === undefined ? 'ws' : 'wss'}://${host.includes(':') ? `[${host}]` : host}:${actualPort}/v1/realtime`,
    port: actualPort,
    token,
    close: () => (closing ??= shutDown(http, sockets)),
  };
}

function serve(client: WebSocket, model: string, voice: Voice, options: LocalServerOptions): void {
  const { clock = systemClock, newId = randomId, scenario, language } = options;
  const session = new RealtimeSession({
    model,
    clock,
    newId,
    language,
    pace: options.pace ?? paceOf(scenario) ?? 5,
    limitS: options.sessionLimitS ?? scenario?.sessionLimitS ?? 3600,
    stages: scenario === undefined ? builtInStages(voice) : scenarioStages(scenario, voice, newId, clock),
    wire: {
      send: (text) => {
        if (client.readyState !== client.OPEN) return;
        client.send(text);
        if (client.bufferedAmount > maxUnreadBytes) client.terminate();
      },
      close: (code, reason) => closeWith(client, code, reason),
    },
  });
  client.on('message', (data: RawData) => session.receive(textOf(data)));
  client.on('error', () => {}); // a broken frame; ws closes the connection itself
  client.on('close', () => session.end());
  session.start();
}

/** Codes that must never be sent mean: the connection just breaks. */
function closeWith(client: WebSocket, code: number, reason: string): void {
  if ([1005, 1006, 1015].includes(code)) client.terminate();
  else client.close(code, Buffer.from(reason).subarray(0, 123));
}

/** As at api.openai.com since the preview was switched off: accepted, one error, closed. */
function refuseBeta(client: WebSocket, newId: NewId): void {
  client.on('error', () => {});
  client.send(
    JSON.stringify({
      type: 'error',
      event_id: newId('event'),
      error: {
        type: 'invalid_request_error',
        code: 'beta_api_shape_disabled',
        message: 'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.',
        param: null,
        event_id: null,
      },
    }),
  );
  client.close(4000, 'invalid_request_error.beta_api_shape_disabled');
}

function errorBody(code: string, message: string): string {
  return JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
}

function refuseUpgrade(socket: Duplex, { status, code, message }: UpgradeRefusal): void {
  const body = errorBody(code, message);
  const reason = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' }[status];
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const refuseHttp: Parameters<typeof createServer>[1] = (_request, response) => {
  response.writeHead(426, { 'Content-Type': 'application/json', Upgrade: 'websocket' });
  response.end(errorBody('upgrade_required', 'This is a WebSocket server: connect to /v1/realtime.'));
};

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
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
  const impatience = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
  }, goodbyeMs);
  await closed;
  clearTimeout(impatience);
}
