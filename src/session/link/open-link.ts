import type { Agent } from 'node:http';
import WebSocket from 'ws';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { ConnectionSettings, Endpoint, Provider } from '../../providers/provider.js';
import { generalRefusal } from '../../providers/refusal.js';
import { endingOfClose, exitCodes, unavailable } from './close-meaning.js';
import { connectFailure, connectTimeout } from './connect-failure.js';
import { handshake } from './handshake.js';
import type { Link } from './link.js';
import { proxyFor } from './proxy.js';
import { Redaction } from './redaction.js';
import { largestMessageBytes, SocketLink } from './socket-link.js';

export interface LinkOptions {
  readonly provider: Provider;
  readonly connection: ConnectionSettings;
  readonly profile: Profile;
  /** Default: what the provider says. A provider that runs inside this program has its own address. */
  readonly endpoint?: Endpoint | undefined;
  /** Cancels connecting. An open link is ended with `close`. */
  readonly signal?: AbortSignal | undefined;
  /** Characters of one message that are kept. */
  readonly maxTextLength?: number | undefined;
  /** While it returns true, reading pauses, so that the server waits. */
  readonly congested?: (() => boolean) | undefined;
  /** In milliseconds. Default: the connection's, or 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Every message on the wire, from the first one on. */
  readonly onRaw?: Link['onRaw'];
  /** Every frame as one line, without secrets, sound and pictures. */
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Connects, and resolves when the codec's opening frames have been sent. May be called again with the same options for
 * a new connection of the same session: each link has its own codec.
 *
 * @throws VoxtermError exit 3 for missing or refused credentials, 5 when the server refuses, 6 when it cannot be
 * reached. Rejects with the signal's reason when aborted.
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { provider, connection, signal } = options;
  const { env } = connection;
  signal?.throwIfAborted();
  const endpoint = options.endpoint ?? provider.endpoint(connection);
  const redaction = new Redaction(
    provider.keyVariables.map((name) => env[name]),
    endpoint,
  );
  const proxy = await proxyFor(endpoint.url, env);
  signal?.throwIfAborted();
  const { maxMessageBytes = largestMessageBytes, handshakeTimeoutMs = 10_000 } = connection.transport ?? {};
  const socket = openSocket(endpoint, proxy?.agent, maxMessageBytes);
  const { transport } = connection;
  const link = new SocketLink(socket, {
    ...options,
    transport,
    redaction,
    codec: provider.codec(connection),
  });
  await handshake(socket, {
    timeoutMs: options.connectTimeoutMs ?? handshakeTimeoutMs,
    signal,
    words: {
      failed: (error) => connectFailure(error, endpoint.url, proxy?.host),
      timedOut: (timeoutMs) => connectTimeout(endpoint.url, timeoutMs, proxy?.host),
      refused: (status, body) => upgradeRefused(options, endpoint, status, redaction.text(body)),
    },
  });
  link.open();
  return link;
}

function openSocket(endpoint: Endpoint, agent: Agent | undefined, maxPayload: number): WebSocket {
  try {
    return new WebSocket(endpoint.url, [...(endpoint.protocols ?? [])], {
      headers: endpoint.headers,
      ...(agent !== undefined && { agent }),
      // Base64 of sound does not shrink, and trying costs ten times the rest of the receiving path.
      perMessageDeflate: false,
      maxPayload,
      // A broken character becomes U+FFFD instead of ending the conversation.
      skipUTF8Validation: true,
    });
  } catch (error) {
    throw error instanceof Error ? connectFailure(error, endpoint.url, undefined) : error;
  }
}

function upgradeRefused(
  { provider, connection }: LinkOptions,
  endpoint: Endpoint,
  status: number,
  body: string,
): VoxtermError {
  const explained = provider.explainRefusal?.(status, body, connection);
  const meaning = explained ?? generalRefusal(status, body, provider);
  const { fatal, cause, hint, facts } = meaning;
  const [key] = provider.keyVariables;
  const isKeyless =
    cause === 'credentials' && key !== undefined && !isAuthorized(endpoint) && !connection.env[key];
  // No key was sent, so the server cannot have refused one.
  const message = isKeyless
    ? `The server at ${new URL(endpoint.url).host} wants a key, and ${key} is not set (HTTP ${status}).`
    : meaning.message;
  const code = fatal ? endingOfClose(meaning).reason : unavailable;
  return new VoxtermError(message, { code, exitCode: exitCodes[cause], hint, facts });
}

/** A header that carries a key, under any provider's name for it. */
function isAuthorized({ headers }: Endpoint): boolean {
  return Object.keys(headers).some((name) => /auth|key|token|secret|cookie/i.test(name));
}
