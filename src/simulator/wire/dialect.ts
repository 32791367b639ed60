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
 * One vendor's wire in front of the built-in server, which speaks OpenAI's GA dialect inside. Made once per server, so
 * it may remember conversations from one connection to the next.
 */
export interface Dialect {
  readonly id: DialectId;
  /** What is simulated, for people, behind "Simulating ". */
  readonly title: string;
  /** Path and query of the address to try, the model included where it is obligatory. */
  readonly path: string;
  /** How a client presents its key, for people. */
  readonly keyHeader: string;
  /** Which of the offered subprotocols is spoken, where it is another one than `realtime`. */
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
  /** The key clients have to present; null lets everybody in. */
  readonly token: string | null;
  /** Model of clients that name none; undefined = the dialect's own default. */
  readonly model: string | undefined;
}

export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly model: string;
      readonly interpreter: (connection: Connection) => Interpreter;
    }
  /** The upgrade itself fails: no WebSocket ever exists. `code` is for the log. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly body: string }
  /** The WebSocket opens, says this and closes. */
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
  /** Writes to the wire at once: past the interpreter and past the faults of a scenario. */
  send(frame: Frame): void;
  /** Handles a request in the GA dialect as if the client had sent it. */
  request(frame: unknown): void;
  close(code: number, reason: string): void;
}

/**
 * Stands between a client and its session for as long as the connection lives. Between the two directions it may
 * remember what it needs; time it takes from the connection's clock.
 */
export interface Interpreter {
  readonly rules: SessionRules;
  /**
   * What a client's frame asks for, in the GA dialect and the order given; empty where it asks for nothing.
   * @throws Refusal when the vendor would refuse it. It goes through `write` as an `error` event.
   */
  read(frame: Frame): readonly unknown[];
  /** What an event of the session looks like on the wire; empty where the vendor says nothing. */
  write(event: ServerEvent): readonly Frame[];
  /** Changes how the session hears, thinks and speaks; asked once, at the beginning. */
  stages?(stages: Stages): Stages;
  /** What an earlier connection of this conversation left behind. The session begins with it, unannounced. */
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
  /** How long a client may send nothing. WebSocket pings do not count. */
  readonly idle?: IdleRule | undefined;
}

export interface IdleRule {
  readonly limitS: number;
  /** Said as an error before the connection is closed. */
  readonly error: { readonly code: string; readonly message: string; readonly type?: 'server_error' };
  readonly close: { readonly code: number; readonly reason: string };
}
