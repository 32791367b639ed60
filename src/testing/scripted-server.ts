import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Inbox } from './inbox.js';
import { ConnectionEnded, type ScriptedConnection, type UpgradeRequest } from './scripted-connection.js';
import { SocketConnection } from './socket-connection.js';

/** How a client is turned away before there is a connection. */
export interface UpgradeRefusal {
  /** HTTP status, 300 to 599. */
  readonly status: number;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface ScriptedServerOptions {
  /**
   * The server's part, run for every connection. `stop` throws what the script has thrown; only the end of the
   * connection counts as a normal end of the script.
   */
  readonly onConnection?: ((connection: ScriptedConnection) => void | Promise<void>) | undefined;
  /** How long each wait may take, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined;
}

/** A WebSocket server on this machine that says what a test tells it to, for the provider under test to connect to. */
export class ScriptedServer {
  private readonly arrived = new Inbox<ScriptedConnection>();
  private readonly asked: UpgradeRequest[] = [];
  private readonly websockets = new WebSocketServer({ noServer: true });
  private readonly failures: unknown[] = [];
  private refusal: ((request: UpgradeRequest) => UpgradeRefusal | undefined) | undefined;
  private stopping: Promise<void> | undefined;

  private constructor(
    /** `ws://127.0.0.1:PORT`; every path below it is answered. */
    readonly url: string,
    private readonly http: Server,
    private readonly options: ScriptedServerOptions,
  ) {
    http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  static async start(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const http = createServer((_request, response) => {
      response.writeHead(426, { Upgrade: 'websocket' }).end();
    });
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(0, '127.0.0.1', resolve);
    });
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    return new ScriptedServer(`ws://127.0.0.1:${address.port}`, http, options);
  }

  /** Every request so far, refused ones included. */
  get requests(): readonly UpgradeRequest[] {
    return this.asked;
  }

  /** Every connection so far. */
  get connections(): readonly ScriptedConnection[] {
    return this.arrived.all;
  }

  /** The next connection that has not been returned yet. @throws Error if none comes in time. */
  connection(): Promise<ScriptedConnection> {
    const { timeoutMs = 5000 } = this.options;
    return this.arrived.take(
      () => true,
      timeoutMs,
      () => `No connection came within ${timeoutMs} ms; ${this.asked.length} were asked for so far.`,
    );
  }

  /**
   * From now on clients are turned away; with a function, those for which it returns a refusal. Null: all are accepted
   * again.
   */
  refuse(refusal: UpgradeRefusal | ((request: UpgradeRequest) => UpgradeRefusal | undefined) | null): void {
    this.refusal = refusal === null || typeof refusal === 'function' ? (refusal ?? undefined) : () => refusal;
  }

  /** Ends every connection and frees the port. Safe to call twice. @throws what a script has thrown. */
  async stop(): Promise<void> {
    this.stopping ??= this.end();
    await this.stopping;
    for (const failure of this.failures.splice(0, 1)) throw failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private async end(): Promise<void> {
    this.arrived.close(new Error('The scripted server has been stopped.'));
    const freed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    await Promise.all(this.connections.map((connection) => connection.drop()));
    this.http.closeAllConnections();
    await freed;
  }

  private upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const request = requestOf(incoming);
    this.asked.push(request);
    const refusal = this.refusal?.(request);
    if (refusal !== undefined) {
      turnAway(socket, refusal);
      return;
    }
    this.websockets.handleUpgrade(incoming, socket, head, (websocket) => {
      const connection = new SocketConnection(websocket, request, this.options.timeoutMs ?? 5000);
      this.arrived.add(connection);
      void this.play(connection);
    });
  }

  private async play(connection: ScriptedConnection): Promise<void> {
    try {
      await this.options.onConnection?.(connection);
    } catch (error) {
      if (!(error instanceof ConnectionEnded)) this.failures.push(error);
    }
  }
}

function requestOf({ url = '/', headers }: IncomingMessage): UpgradeRequest {
  const single = Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]);
  const offered = headers['sec-websocket-protocol'] ?? '';
  return {
    path: url,
    headers: Object.fromEntries(single),
    protocols: offered === '' ? [] : offered.split(',').map((name) => name.trim()),
  };
}

function turnAway(socket: Duplex, { status, body = '', headers = {} }: UpgradeRefusal): void {
  const lines = Object.entries({
    'Content-Type': 'application/json',
    ...headers,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${lines.join('')}\r\n${body}`);
}
