import type { Command } from '../contract/commands.js';
import type { ModelEvent } from '../contract/events.js';
import type { Frame } from '../contract/frame.js';
import type { Profile } from '../contract/profile.js';
import type { SessionSettings } from '../contract/settings.js';
import type { VendorOptions } from './vendor-options.js';

/** How a connection is made and watched. What is absent is as the provider's profile says, or as it is usual. */
export interface TransportOptions {
  /** Null: no pings. */
  readonly pingEveryS?: number | null | undefined;
  /** How long a ping may stay unanswered before the connection counts as dead. Default: until the next one. */
  readonly pingTimeoutS?: number | undefined;
  /** For name, TCP, TLS and upgrade together. Default 10,000. */
  readonly handshakeTimeoutMs?: number | undefined;
  /** The largest message the server may send. Default 64 MiB. */
  readonly maxMessageBytes?: number | undefined;
}

/** What a provider needs to know before a connection exists. Keys come from the environment, never from flags. */
export interface ConnectionSettings {
  readonly model: string;
  /** Replaces the provider's own address; for compatible servers. */
  readonly url?: string | undefined;
  /** Allow `ws://` to a host that is not this machine. */
  readonly insecure?: boolean | undefined;
  readonly transport?: TransportOptions | undefined;
  /** Environment to read keys from; `process.env` in the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A telephone call to take part in, by the provider's id; its model is settled already. */
  readonly callId?: string | undefined;
  /** Scenario file of the built-in provider. */
  readonly scenario?: string | undefined;
  /** Spoken language, ISO 639-1, for providers that want it at connection time. */
  readonly language?: string | undefined;
  readonly voice?: string | undefined;
  /** What the provider's section of the configuration says beyond model, voice and address. */
  readonly options?: VendorOptions | undefined;
  /** Where an earlier connection of this conversation ended: its handle or its conversation id, as `resume.handle` gave it. */
  readonly resume?: string | undefined;
  /**
   * How many connections of this conversation came before, 0 where it is missing. A dialect without ids needs it: what its
   * codec makes up must not be taken for something of an earlier connection.
   */
  readonly earlierConnections?: number | undefined;
}

/** Something the user has to know before the first word: a setting or tool that will have no effect, for example. */
export interface Note {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface Endpoint {
  /** `wss://…` or `ws://…`; never holds a secret where a header exists. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[] | undefined;
  /** Values in it that must not appear anywhere, beyond those whose header tells by its name. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Pure translation between our words and a dialect. One per connection; may remember ids; does no I/O.
 * `decode` never throws: what it cannot read becomes an `error` event with `source: 'protocol'`.
 */
export interface Codec {
  /** Frames to send as soon as the socket is open; empty where the server speaks first. */
  open(): Frame[];
  encode(command: Command): Frame[];
  decode(frame: Frame): ModelEvent[];
  /** Frames that keep an idle connection open, where WebSocket pings do not count (`keepAliveS` of the profile). */
  keepAlive?(): Frame[];
}

/** How a close code of the provider is to be read. */
export interface CloseMeaning {
  readonly fatal: boolean;
  /** credentials → exit 3, refused/model/quota → 5, ended → 0 (a call was hung up), anything else → 6. */
  readonly cause: 'credentials' | 'refused' | 'expired' | 'network' | 'ended';
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface Provider {
  readonly id: string;
  /** One line for `voxterm providers`. */
  readonly title: string;
  readonly defaultModel: string;
  /** Environment variables that hold its key, first one preferred; empty = needs none. */
  readonly keyVariables: readonly string[];
  /** Where a key comes from, for hints. */
  readonly keyHint?: string | undefined;
  profile(model: string, options?: VendorOptions): Profile;
  /** What a telephone call can do that it takes part in; absent = it knows none (`ConnectionSettings.callId`). */
  callProfile?(model: string): Profile;
  /** What will not work as asked, beyond what the profile says by itself. Pure. */
  notes?(settings: SessionSettings, connection: ConnectionSettings): readonly Note[];
  /** @throws VoxtermError exit 3 when the key is missing or the URL is not allowed. */
  endpoint(settings: ConnectionSettings): Endpoint;
  codec(settings: ConnectionSettings): Codec;
  /** Words for a close code and reason of this provider; undefined = the general table. */
  explainClose?(code: number, reason: string, connection?: ConnectionSettings): CloseMeaning | undefined;
  /** Words for a refused WebSocket upgrade; `body` is what the server answered to the connection we asked for. */
  explainRefusal?(status: number, body: string, connection?: ConnectionSettings): CloseMeaning | undefined;
  /**
   * Providers that run inside this program start here; the session connects to the endpoint it gets and stops
   * the server at the end.
   */
  start?(settings: ConnectionSettings): Promise<{ readonly endpoint: Endpoint; stop(): Promise<void> }>;
}
