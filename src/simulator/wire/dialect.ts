import type { IncomingHttpHeaders } from 'node:http';
import type { Frame } from '../../contract/frame.js';
import type { Stages } from '../../engines/core/stages.js';
import type { Clock } from '../core/clock.js';
import type { NewId } from '../core/ids.js';
import type { ServerEvent } from '../core/server-event.js';
import type { RequestSchema } from '../requests/request-schema.js';
import type { SessionConfig } from '../requests/session-config.js';
import type { Item } from '../store/items.js';
import type { DialectId } from './dialect-ids.js';

/**
 * One vendor's protocol in front of the built-in server, which speaks OpenAI's GA dialect inside. Made once per server,
 * so it may remember conversations from one connection to the next.
 */
export interface Dialect {
  readonly id: DialectId;
  /** Name of what is simulated, for people; follows "Simulating ". */
  readonly title: string;
  /** Path and query of the address, with the model where it is required. */
  readonly path: string;
  /** How a client presents its key, for people. */
  readonly keyHeader: string;
  /** Chooses among the offered subprotocols, where it is not `realtime`. */
  readonly protocol?: ((offered: ReadonlySet<string>) => string | undefined) | undefined;
  /** Decides about a WebSocket upgrade. Pure. */
  judge(upgrade: Upgrade): Verdict;
}

/** What a client asks for before there is a WebSocket. */
export interface Upgrade {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The offered subprotocols. */
  readonly protocols: readonly string[];
  /** The key that clients must present; null accepts every client. */
  readonly token: string | null;
  /** Model of clients that do not name one; undefined = the dialect's own default. */
  readonly model: string | undefined;
}

export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly model: string;
      readonly interpreter: (connection: Connection) => Interpreter;
    }
  /** The upgrade fails: no WebSocket exists. `code` is for the log. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly body: string }
  /** The WebSocket opens, sends these frames and closes. */
  | {
      readonly kind: 'dismissed';
      readonly frames: readonly Frame[];
      readonly code: number;
      readonly reason: string;
    };

/** What an interpreter may use of its session. */
export interface Connection {
  readonly model: string;
  readonly newId: NewId;
  readonly clock: Clock;
  /** Writes to the wire at once, without the interpreter and without the faults of a scenario. */
  send(frame: Frame): void;
  /** Handles a request in the GA dialect as if the client had sent it. */
  request(frame: unknown): void;
  close(code: number, reason: string): void;
}

/**
 * Translates between a client and its session for one connection. It may keep state between the two directions, and it
 * takes the time from the connection's clock.
 */
export interface Interpreter {
  readonly rules: SessionRules;
  /**
   * The requests of a client's frame in the GA dialect, in order; empty where it requests nothing.
   * @throws Refusal when the vendor would refuse it. It goes through `write` as an `error` event.
   */
  read(frame: Frame): readonly unknown[];
  /** The frames of a session's event; empty where the vendor sends nothing. */
  write(event: ServerEvent): readonly Frame[];
  /** Changes how the session hears, thinks and speaks; called once, at the beginning. */
  stages?(stages: Stages): Stages;
  /** Items of an earlier connection of this conversation. The session begins with them and does not announce them. */
  readonly earlier?: readonly Item[] | undefined;
  /** The session has begun: `session.created` has been written. */
  opened?(): void;
  /** The connection is gone; `items` is the conversation as it was. Called once. */
  ended?(items: readonly Item[]): void;
}

/** What the vendor does differently from OpenAI inside a session. */
export interface SessionRules {
  /** Which GA requests are well formed: rates, voices and ranges are the vendor's. */
  readonly requests: RequestSchema;
  /** The settings a session begins with, from those of the GA dialect. */
  readonly settings?: ((config: SessionConfig) => SessionConfig) | undefined;
  /** Longest session in seconds; null = no limit. A scenario may set another. */
  readonly limitS: number | null;
  /** How long a client may be silent. WebSocket pings do not count. */
  readonly idle?: IdleRule | undefined;
}

export interface IdleRule {
  readonly limitS: number;
  /** Sent as an error before the connection is closed. */
  readonly error: { readonly code: string; readonly message: string; readonly type?: 'server_error' };
  readonly close: { readonly code: number; readonly reason: string };
}
