import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface Asked {
  /** `CONNECT example.org:443`, or `GET http://example.org/`. */
  readonly line: string;
  readonly authorization: string | undefined;
}

/** An HTTP proxy on this machine. It reaches one server, whatever name it is asked for, or refuses. */
export class TestProxy {
  readonly asked: Asked[] = [];
  /** Answers everything with this status instead of passing it on. */
  refusal: number | undefined;
  /** Accepts connections and says nothing. */
  isMute = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer();

  private constructor(private readonly targetPort: number) {}

  /** @param targetPort of the only server that it reaches. */
  static async start(targetPort = 1): Promise<TestProxy> {
    const proxy = new TestProxy(targetPort);
    proxy.listen();
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => proxy.stop());
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get openSockets(): number {
    return this.sockets.size;
  }

  private listen(): void {
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
    });
    this.server.on('connect', (request, socket: Socket) => {
      const authorization = request.headers['proxy-authorization'];
      this.asked.push({ line: `CONNECT ${request.url}`, authorization });
      // Node leaves the other half of such a socket open.
      socket.on('end', () => socket.end());
      if (this.isMute) return;
      if (this.refusal !== undefined) {
        socket.end(`HTTP/1.1 ${this.refusal} No\r\n\r\n`);
        return;
      }
      const server = connectTcp(this.targetPort, '127.0.0.1');
      for (const end of [socket, server]) end.on('error', () => {});
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(server).pipe(socket);
    });
    this.server.on('request', (request, response) => {
      const { 'proxy-authorization': authorization, ...headers } = request.headers;
      this.asked.push({ line: `${request.method} ${request.url}`, authorization });
      if (this.isMute) return;
      if (this.refusal !== undefined) {
        response.writeHead(this.refusal).end();
        return;
      }
      const { pathname, search } = new URL(request.url ?? '');
      const { method } = request;
      const passed = httpRequest(
        { host: '127.0.0.1', port: this.targetPort, path: `${pathname}${search}`, method, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.pipe(response);
        },
      );
      passed.on('error', () => response.destroy());
      response.on('close', () => passed.destroy());
      request.pipe(passed);
    });
  }

  private async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}
