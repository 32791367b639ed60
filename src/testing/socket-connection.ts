import type { WebSocket } from 'ws';
import { isObject } from '../base/json.js';
import type { Frame } from '../contract/frame.js';
import { Inbox } from './inbox.js';
import {
  type ClosedConnection,
  ConnectionEnded,
  type ReceivedFrame,
  type ScriptedConnection,
  type UpgradeRequest,
} from './scripted-connection.js';

/** A client of a scripted server over its WebSocket. Made in the tick in which that opens. */
export class SocketConnection implements ScriptedConnection {
  readonly closed: Promise<ClosedConnection>;
  private readonly inbox = new Inbox<ReceivedFrame>();

  constructor(
    private readonly socket: WebSocket,
    readonly request: UpgradeRequest,
    private readonly timeoutMs: number,
  ) {
    socket.on('message', (data, isBinary) => {
      const bytes = Array.isArray(data)
        ? Buffer.concat(data)
        : Buffer.isBuffer(data)
          ? data
          : Buffer.from(data);
      const frame = isBinary ? new Uint8Array(bytes) : bytes.toString('utf8');
      this.inbox.add({ frame, json: jsonOf(bytes) });
    });
    // The client broke the connection; `close` follows.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.inbox.close(new ConnectionEnded(`The connection has ended (close code ${code}).`));
        resolve({ code, reason: reason.toString('utf8') });
      });
    });
  }

  get received(): readonly ReceivedFrame[] {
    return this.inbox.all;
  }

  send(...frames: readonly (Frame | object)[]): void {
    for (const frame of frames) {
      const data = typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
      if (this.socket.readyState === this.socket.OPEN) this.socket.send(data);
    }
  }

  receive(matches: (frame: ReceivedFrame) => boolean = () => true): Promise<ReceivedFrame> {
    return this.inbox.take(matches, this.timeoutMs, () => this.overdue());
  }

  seen(matches: (frame: ReceivedFrame) => boolean): Promise<ReceivedFrame> {
    return this.inbox.seen(matches, this.timeoutMs, () => this.overdue());
  }

  close(code = 1000, reason = ''): Promise<ClosedConnection> {
    this.socket.close(code, reason);
    return this.closed;
  }

  drop(): Promise<ClosedConnection> {
    this.socket.terminate();
    return this.closed;
  }

  private overdue(): string {
    const came = this.received.slice(-10).map(({ frame }) => {
      return typeof frame === 'string' ? frame.slice(0, 120) : `${frame.byteLength} bytes`;
    });
    return `No such frame came within ${this.timeoutMs} ms. Received: ${came.join(', ') || 'nothing'}.`;
  }
}

function jsonOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
