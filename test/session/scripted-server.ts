import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A WebSocket server on loopback that does what a test tells it to. */
export class ScriptedServer {
  readonly received: string[] = [];
  readonly upgrades: IncomingMessage[] = [];
  private readonly sockets = new Set<Socket>();
  private refuses: (request: IncomingMessage) => boolean = () => false;

  private constructor(
    readonly url: string,
    private readonly http: Server,
  ) {}

  /**
   * `onSocket` plays the server's part; `onUpgrade` takes the raw socket instead, for servers that misbehave earlier.
   */
  static async start(script: {
    onSocket?: (socket: WebSocket, server: ScriptedServer) => void;
    onUpgrade?: (socket: Socket, server: ScriptedServer) => void;
  }): Promise<ScriptedServer> {
    const http = createServer((_request, response) => response.end('hello'));
    const websockets = new WebSocketServer({ noServer: true });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const address = http.address() as AddressInfo;
    const server = new ScriptedServer(`ws://127.0.0.1:${address.port}/v1`, http);
    http.on('connection', (socket: Socket) => {
      server.sockets.add(socket);
      socket.on('error', () => {});
    });
    http.on('upgrade', (request, socket: Socket, head) => {
      server.upgrades.push(request);
      if (script.onUpgrade !== undefined) {
        script.onUpgrade(socket, server);
        return;
      }
      if (server.refuses(request)) {
        socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      websockets.handleUpgrade(request, socket, head, (websocket) => {
        websocket.on('message', (data) => server.received.push(String(data)));
        websocket.on('error', () => {});
        script.onSocket?.(websocket, server);
      });
    });
    return server;
  }

  /** From now on these are answered with a bad request. */
  refuse(which: (request: IncomingMessage) => boolean): void {
    this.refuses = which;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.http.close(() => resolve()));
  }
}
