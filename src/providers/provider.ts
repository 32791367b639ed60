import type { Command } from '../contract/commands.js';
import type { ModelEvent } from '../contract/events.js';
import type { Facts } from '../contract/facts.js';
import type { Frame } from '../contract/frame.js';
import type { Profile } from '../contract/profile.js';
import type { SessionSettings } from '../contract/settings.js';
import type { VendorOptions } from './vendor-options.js';

/** How a connection is made and monitored. An absent option is as the provider's profile says, or has its default. */
export interface TransportOptions {
  /** Null: no pings. */
  readonly pingEveryS?: number | null | undefined;
  /** How long a ping may stay unanswered before the connection counts as dead. Default: until the next one. */
  readonly pingTimeoutS?: number | undefined;
  /** Covers DNS, TCP, TLS and the WebSocket upgrade together. Default 10,000. */
  readonly handshakeTimeoutMs?: number | undefined;
  /** The largest message the server may send. Default 64 MiB. */
  readonly maxMessageBytes?: number | undefined;
}

/** What a provider needs before a connection exists. Keys come from the environment, never from flags. */
export interface ConnectionSettings {
  readonly model: string;
  /** Replaces the provider's own address: a compatible server, a relay or a gateway. */
  readonly url?: string | undefined;
  /** Allow `ws://` to a host that is not this machine. */
  readonly insecure?: boolean | undefined;
  readonly transport?: TransportOptions | undefined;
  /** Environment to read keys from; `process.env` in the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The provider's id of a telephone call to join. The model was chosen when the call was accepted. */
  readonly callId?: string | undefined;
  /** Scenario file of the built-in provider. */
  readonly scenario?: string | undefined;
  /** Spoken language, ISO 639-1, for providers that need it when they connect. */
  readonly language?: string | undefined;
  readonly voice?: string | undefined;
  /** The vendor options of the provider's section of the configuration. */
  readonly options?: VendorOptions | undefined;
  /** Continues an earlier connection of this conversation: the handle that its `resume.handle` event gave. */
  readonly resume?: string | undefined;
  /** An earlier connection of this session was lost, so what the provider has forgotten since will be replayed. */
  readonly reconnecting?: boolean | undefined;
}

/** Something to tell the user before the conversation starts, for example that a setting has no effect. */
export interface Note {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly facts?: Facts | undefined;
}

export interface Endpoint {
  /** `wss://…` or `ws://…`; never contains a secret that could be sent as a header. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[] | undefined;
  /** Secret values in it, beyond those in headers whose name shows that they are secret. Never logged or printed. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Pure translation between our commands and events and a dialect. One per connection; may remember ids; does no I/O.
 * `decode` never throws: a frame it cannot read becomes an `error` event with `source: 'protocol'`.
 */
export interface Codec {
  /** Frames to send as soon as the socket is open; empty if the server speaks first. */
  open(): Frame[];
  encode(command: Command): Frame[];
  decode(frame: Frame): ModelEvent[];
  /** Frames that keep an idle connection open if WebSocket pings do not (`keepAliveS` of the profile). */
  keepAlive?(): Frame[];
}

/** What a WebSocket close code or a refused upgrade means. */
export interface CloseMeaning {
  readonly fatal: boolean;
  /** credentials → exit 3, refused → 5, ended → 0 (a call was hung up), expired and network → 6. */
  readonly cause: 'credentials' | 'refused' | 'expired' | 'network' | 'ended';
  readonly message: string;
  readonly hint?: string | undefined;
  readonly facts?: Facts | undefined;
}

export interface Provider {
  readonly id: string;
  /** One line for `voxterm providers`. */
  readonly title: string;
  readonly defaultModel: string;
  /** Environment variables that may hold the key, preferred one first; empty if it needs no key. */
  readonly keyVariables: readonly string[];
  /** Where to get a key, for hints. */
  readonly keyHint?: string | undefined;
  profile(model: string, options?: VendorOptions): Profile;
  /** The profile of a session that joins a telephone call (`ConnectionSettings.callId`); absent if it has no calls. */
  callProfile?(model: string): Profile;
  /** Settings that will not work as asked and that the profile alone does not reveal. Pure. */
  notes?(settings: SessionSettings, connection: ConnectionSettings): readonly Note[];
  /** @throws VoxtermError exit 3 when the key is missing or the URL is not allowed. */
  endpoint(settings: ConnectionSettings): Endpoint;
  codec(settings: ConnectionSettings): Codec;
  /** Explains a close code and reason of this provider; undefined = the general explanation applies. */
  explainClose?(code: number, reason: string, connection?: ConnectionSettings): CloseMeaning | undefined;
  /** Explains a refused WebSocket upgrade; `body` is the body of the server's response. */
  explainRefusal?(status: number, body: string, connection?: ConnectionSettings): CloseMeaning | undefined;
  /**
   * For providers that run in this process. The session connects to the returned endpoint and calls `stop` at its end.
   */
  start?(settings: ConnectionSettings): Promise<{ readonly endpoint: Endpoint; stop(): Promise<void> }>;
}
