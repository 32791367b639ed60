import WebSocket from 'ws';
import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import type { Frame } from '../../contract/frame.js';
import type { Profile } from '../../contract/profile.js';
import type { Codec, ConnectionSettings, Provider, TransportOptions } from '../../providers/provider.js';
import { closeMeaning, endingOfClose } from './close-meaning.js';
import { KeepAlive } from './keep-alive.js';
import type { Link, LinkClosed } from './link.js';
import { elided, type Redaction } from './redaction.js';
import { TextLimit } from './text-limit.js';

/** The largest message a server may send. A `response.done` repeats a whole answer, which may be long. */
export const largestMessageBytes = 64 * 2 ** 20;
/** About four seconds of 24 kHz sound in base64: enough to keep the network busy while the sender wakes up. */
const drainedBytes = 256 * 1024;
const closePatienceMs = 2000;
/** One frame of sound: what a flood of messages may cost the rest of the program. */
const longestTurnMs = 20;
const congestionPollMs = 10;

export interface SocketLinkOptions {
  readonly provider: Provider;
  readonly profile: Profile;
  readonly connection: ConnectionSettings;
  readonly codec: Codec;
  readonly transport?: TransportOptions | undefined;
  readonly redaction: Redaction;
  /** Characters of one message that are kept. */
  readonly maxTextLength?: number | undefined;
  readonly congested?: (() => boolean) | undefined;
  readonly onRaw?: Link['onRaw'];
  readonly log?: ((line: string) => void) | undefined;
}

/** A link over one WebSocket. Made in the tick in which the socket is, so that no frame is missed. */
export class SocketLink implements Link {
  onClosed: Link['onClosed'] = () => {};
  onRaw: Link['onRaw'];
  onProbed: ((id: number) => void) | undefined;
  private listener: Link['onEvent'] | undefined;
  /** Events from before `onEvent` was set. */
  private backlog: (() => void)[] = [];
  private readonly gone: Promise<void>;
  private closedByUs = false;
  /** Why this side closed the connection. */
  private fault: string | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private keepAlive: KeepAlive | undefined;
  private waiting: (() => void)[] = [];
  private readonly textLimit: TextLimit;
  /** When reading must yield to other work; undefined outside a turn of the event loop. */
  private turnEndsMs: number | undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: SocketLinkOptions,
  ) {
    this.onRaw = options.onRaw;
    this.textLimit = new TextLimit(options.maxTextLength);
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('pong', (data) => this.ponged(data));
    const { maxMessageBytes = largestMessageBytes } = options.transport ?? {};
    socket.on('error', (error) => this.giveUp(socketFault(error, maxMessageBytes)));
    this.gone = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.closed(code, reason.toString('utf8'));
        resolve();
      });
    });
  }

  /** Sends the codec's opening frames and begins to watch for a dead connection. */
  open(): void {
    for (const frame of this.options.codec.open()) this.write(frame);
    const { keepAliveS } = this.options.profile;
    const { pingEveryS } = this;
    if (pingEveryS !== null) this.heartbeat = setInterval(() => this.beat(pingEveryS), pingEveryS * 1000);
    if (keepAliveS !== null) this.keepAlive = new KeepAlive(keepAliveS * 1000, () => this.stayAwake());
  }

  get onEvent(): Link['onEvent'] {
    return this.listener ?? (() => {});
  }

  set onEvent(listener: Link['onEvent']) {
    this.listener = listener;
    const missed = this.backlog;
    this.backlog = [];
    // After this tick, because the listeners are not set yet.
    queueMicrotask(() => {
      for (const deliver of missed) deliver();
    });
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  send(command: Command): void {
    for (const frame of this.options.codec.encode(command)) this.write(frame);
  }

  sendRaw(frame: Frame): void {
    this.write(frame);
  }

  drained(): Promise<void> {
    if (this.isDrained) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  close(): Promise<void> {
    if (!this.closedByUs) {
      this.closedByUs = true;
      this.socket.close(1000);
      // The server does not answer the close frame, or the network does not accept the backlog.
      const patience = setTimeout(() => this.socket.terminate(), closePatienceMs);
      void this.gone.then(() => clearTimeout(patience));
    }
    return this.gone;
  }

  private get isDrained(): boolean {
    return this.socket.readyState !== WebSocket.OPEN || this.bufferedBytes <= drainedBytes;
  }

  /** For servers that ignore pings and close idle connections. */
  private stayAwake(): void {
    for (const frame of this.options.codec.keepAlive?.() ?? []) this.write(frame);
  }

  /** A ping that stays unanswered means that the connection is dead. */
  private beat(everyS: number): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.ping();
    const { pingTimeoutS = everyS } = this.options.transport ?? {};
    this.deadline ??= setTimeout(
      () => this.giveUp(`The server has not answered for ${pingTimeoutS} seconds.`),
      pingTimeoutS * 1000,
    );
  }

  probe(id: number): boolean {
    if (this.pingEveryS === null || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.ping(String(id));
    return true;
  }

  private get pingEveryS(): number | null {
    const { profile, transport } = this.options;
    return transport?.pingEveryS === undefined ? profile.pingEveryS : transport.pingEveryS;
  }

  private ponged(data: Buffer): void {
    this.answered();
    if (data.length > 0) this.onProbed?.(Number(data.toString('latin1')));
  }

  private answered(): void {
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }

  private receive(data: WebSocket.RawData, isBinary: boolean): void {
    this.answered();
    this.takeTurn();
    const bytes = oneBuffer(data);
    const frame = this.options.redaction.frame(isBinary ? bytes : bytes.toString('utf8'));
    this.options.log?.(`← ${elided(frame)}`);
    this.onRaw?.({ direction: 'received', frame });
    for (const event of this.decode(frame)) {
      for (const limited of this.textLimit.apply(event)) this.deliver(limited);
    }
  }

  /** Under a flood the network delivers megabytes before timers, keys and sound get their turn. */
  private takeTurn(): void {
    const nowMs = performance.now();
    if (this.turnEndsMs === undefined) {
      this.turnEndsMs = nowMs + longestTurnMs;
      setImmediate(() => this.endTurn());
    } else if (nowMs > this.turnEndsMs) this.socket.pause();
  }

  private endTurn(): void {
    if (this.options.congested?.() && this.socket.readyState === WebSocket.OPEN) {
      this.socket.pause();
      // While reading is paused, answers to pings do not arrive either.
      this.answered();
      setTimeout(() => this.endTurn(), congestionPollMs);
      return;
    }
    this.turnEndsMs = undefined;
    this.socket.resume();
  }

  private deliver(event: ModelEvent): void {
    if (this.listener === undefined) this.backlog.push(() => this.onEvent(event));
    else this.listener(event);
  }

  private decode(frame: Frame): readonly ModelEvent[] {
    try {
      return this.options.codec.decode(frame);
    } catch (error) {
      // A codec must not throw; one that does costs a frame, not the conversation.
      const message = `A frame could not be read: ${error instanceof Error ? error.message : 'unknown reason'}`;
      return [{ type: 'error', code: 'frame.unreadable', message, fatal: false, source: 'protocol' }];
    }
  }

  private write(frame: Frame): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const { log, redaction } = this.options;
    log?.(`→ ${elided(redaction.frame(frame))}`);
    this.socket.send(frame, this.written);
    this.onRaw?.({ direction: 'sent', frame: redaction.frame(frame) });
    this.keepAlive?.sent();
  }

  private readonly written = () => {
    if (this.waiting.length > 0 && this.isDrained) this.releaseWaiting();
  };

  private releaseWaiting(): void {
    const released = this.waiting;
    this.waiting = [];
    for (const release of released) release();
  }

  private giveUp(fault: string): void {
    this.fault ??= fault;
    this.socket.terminate();
  }

  private closed(code: number, said: string): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.deadline);
    this.keepAlive?.stop();
    this.releaseWaiting();
    const reason = this.options.redaction.text(said);
    const closed: LinkClosed = { code, reason, ...this.outcome(code, reason) };
    if (this.listener === undefined) this.backlog.push(() => this.onClosed(closed));
    else this.onClosed(closed);
  }

  private outcome(code: number, reason: string): { ending: Ending; retryable: boolean } {
    if (this.closedByUs) return { ending: { exitCode: ExitCode.ok, reason: 'closed' }, retryable: false };
    const meaning = closeMeaning(this.options.provider, code, reason, this.options.connection);
    const message = this.fault ?? meaning.message;
    return { ending: endingOfClose({ ...meaning, message }), retryable: !meaning.fatal };
  }
}

/** Errors of an open socket: what the server did wrong, or what the network did. */
function socketFault(error: Error, maxMessageBytes: number): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return `The server sent a message above ${size(maxMessageBytes)}.`;
  }
  if (code.startsWith('WS_ERR_')) return `The server broke the WebSocket protocol: ${error.message}.`;
  return `The connection to the server was lost (${code || error.message}).`;
}

function size(bytes: number): string {
  return bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20} MiB` : `${bytes} bytes`;
}

/** Ours are single buffers (`binaryType` nodebuffer), but the type allows for others. */
function oneBuffer(data: WebSocket.RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
