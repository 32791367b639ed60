import {
  type AgentOptions,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ProxyAddress } from './proxy-address.js';
import { ProxyFailure } from './proxy-failure.js';

/** What Node tells an agent about the connection that a request needs. */
interface Target {
  readonly host?: string | null | undefined;
  readonly port?: string | number | null | undefined;
  /** Ends the attempt. Node keeps a request's own `signal` from its agent. */
  readonly tunnelSignal?: AbortSignal | undefined;
}

type Done = (error: Error | null, socket: Duplex) => void;

/** How long a proxy may take to open a tunnel. */
const patienceMs = 30_000;

/**
 * Opens connections through a proxy (`CONNECT`). Requests of this agent fail with `ProxyFailure` when the proxy refuses
 * or is not there.
 */
export function tunnelAgent(proxy: ProxyAddress, protocol: string, options: AgentOptions = {}): HttpAgent {
  const isEncrypted = protocol === 'https:' || protocol === 'wss:';
  return isEncrypted ? new TlsTunnel(proxy, options) : new PlainTunnel(proxy, options);
}

class PlainTunnel extends HttpAgent {
  constructor(
    private readonly proxy: ProxyAddress,
    options: AgentOptions,
  ) {
    super(options);
  }

  override createConnection(target: Target, done: Done): undefined {
    openTunnel(this.proxy, target, done);
  }
}

class TlsTunnel extends HttpsAgent {
  constructor(
    private readonly proxy: ProxyAddress,
    options: AgentOptions,
  ) {
    super(options);
  }

  override createConnection(target: Target & ConnectionOptions, done: Done): undefined {
    openTunnel(this.proxy, target, (error, socket) => {
      if (error !== null) done(error, socket);
      else done(null, connectTls({ ALPNProtocols: ['http/1.1'], ...target, socket }));
    });
  }
}

function openTunnel({ url, host: shown }: ProxyAddress, target: Target, done: Done): void {
  const server = `${isIPv6(target.host ?? '') ? `[${target.host}]` : target.host}:${target.port}`;
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)({
    ...proxyHost(url),
    method: 'CONNECT',
    path: server,
    headers: { host: server, ...proxyAuthorization(url) },
    agent: false,
    timeout: patienceMs,
    ...(target.tunnelSignal !== undefined && { signal: target.tunnelSignal }),
  });
  const fail = (failure: ProxyFailure) => {
    request.destroy();
    // Node's types have no call without a socket.
    Reflect.apply(done, undefined, [failure]);
  };
  request.once('connect', (answer: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (answer.statusCode !== 200) {
      socket.destroy();
      fail(new ProxyFailure(shown, answer.statusCode));
      return;
    }
    if (head.length > 0) socket.unshift(head);
    done(null, socket);
  });
  request.once('response', (answer: IncomingMessage) => fail(new ProxyFailure(shown, answer.statusCode)));
  request.once('timeout', () =>
    request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
  );
  request.once('error', (error) => fail(new ProxyFailure(shown, undefined, error)));
  request.end();
}

/** Where to connect. */
export function proxyHost({ hostname, port, protocol }: URL): {
  readonly host: string;
  readonly port: number;
} {
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
  };
}

export function proxyAuthorization({ username, password }: URL): OutgoingHttpHeaders {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
