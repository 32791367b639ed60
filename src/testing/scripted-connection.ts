import type { Frame } from '../contract/frame.js';

/** What a client asks for when it opens a connection. */
export interface UpgradeRequest {
  /** Path and query, for example `/v1/realtime?model=m`. */
  readonly path: string;
  /** By name, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The subprotocols it offers. */
  readonly protocols: readonly string[];
}

/** A frame of the client. */
export interface ReceivedFrame {
  readonly frame: Frame;
  /** The object that its JSON encodes; empty if it is not an object. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface ClosedConnection {
  /** 1005 and 1006 mean that no code was sent. */
  readonly code: number;
  readonly reason: string;
}

/** The connection has ended while a script waited for a frame. */
export class ConnectionEnded extends Error {
  override readonly name = 'ConnectionEnded';
}

/** One client of a scripted server, seen from the server. */
export interface ScriptedConnection {
  readonly request: UpgradeRequest;
  /** Every frame so far, in order. */
  readonly received: readonly ReceivedFrame[];
  /** Resolves when either side has ended the connection. */
  readonly closed: Promise<ClosedConnection>;
  /** Sends text or bytes as they are, other objects as JSON. Does nothing when the connection is gone. */
  send(...frames: readonly (Frame | object)[]): void;
  /**
   * The next frame that matches (default: any), after the one that was received last; those between are skipped.
   * @throws Error if none comes in time, with what came instead; ConnectionEnded if the connection has ended.
   */
  receive(matches?: (frame: ReceivedFrame) => boolean): Promise<ReceivedFrame>;
  /**
   * The first matching frame of all, received already or later. For a test beside a script that receives.
   * @throws as `receive` does.
   */
  seen(matches: (frame: ReceivedFrame) => boolean): Promise<ReceivedFrame>;
  /** Closes with a close code, and resolves when the connection is closed. */
  close(code?: number, reason?: string): Promise<ClosedConnection>;
  /** Drops the connection without a close frame, like a network that fails. */
  drop(): Promise<ClosedConnection>;
}
