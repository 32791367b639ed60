import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The network between a client and a server on this machine, which tests can cut. */
export class Relay {
  /** New connections are refused. */
  down = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    /** The server's address, this way. */
    readonly url: string,
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (near) => this.join(near));
  }

  /** The caller closes it. */
  static async to(target: string): Promise<Relay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(target);
    const port = Number(url.port);
    url.port = String(addressOf(server).port);
    return new Relay(url.href, server, port);
  }

  /** Every connection breaks; new ones are possible, unless it is `down`. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Nobody comes through any more. */
  close(): void {
    this.server.close();
    this.cut();
  }

  private join(near: Socket): void {
    if (this.down) {
      near.destroy();
      return;
    }
    const far = connect(this.port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address;
}
