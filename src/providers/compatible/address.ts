import { isLoopback } from '../../base/loopback.js';
import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';

export interface AddressOptions {
  readonly model: string;
  /** Allow `ws://` to a host that is not this machine. */
  readonly insecure?: boolean | undefined;
}

/**
 * Completes the address of a compatible server: `ws://127.0.0.1:8000`, `…/v1` and `…/v1/realtime` all mean the same
 * endpoint. A bare host gets `/v1/realtime`, a path without a `realtime` segment gets `/realtime`, and `model` is added
 * unless the address already names a model or a call.
 *
 * @throws VoxtermError exit 3 for anything that is not a WebSocket address, contains credentials, or would send sound
 * and key unencrypted over a network.
 */
export function realtimeAddress(given: string, options: AddressOptions): string {
  const url = safeAddress(given, options.insecure);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) segments.push('v1');
  if (!segments.includes('realtime')) segments.push('realtime');
  url.pathname = `/${segments.join('/')}`;
  // A call in progress already has its model; OpenAI refuses both together.
  if (!url.searchParams.has('model') && !url.searchParams.has('call_id')) {
    url.searchParams.set('model', options.model);
  }
  return url.href;
}

/**
 * Checks an address and returns it unchanged, except for its fragment.
 * @throws VoxtermError exit 3 as {@link realtimeAddress} does.
 */
export function safeAddress(given: string, insecure: boolean | undefined): URL {
  const url = parse(given);
  refuseCredentials(url);
  if (url.protocol === 'ws:' && !isLoopback(url.hostname) && insecure !== true) {
    throw refused(
      'url.clear-text',
      `${shown(url)} would carry your voice and your key unencrypted over the network.`,
      'ws:// is allowed to localhost, 127.0.0.0/8 and [::1] only. Use wss://, or allow clear text.',
      { options: ['insecure'] },
    );
  }
  url.hash = '';
  return url;
}

function parse(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol === 'ws:' || url?.protocol === 'wss:') return url;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    const scheme = url.protocol === 'http:' ? 'ws' : 'wss';
    throw refused(
      'url.not-websocket',
      `The server is reached by WebSocket, not by ${url.protocol}//.`,
      `Use ${scheme}://${url.host}${url.pathname}`,
    );
  }
  // It may contain a password, so it is not repeated.
  throw refused(
    'url.unreadable',
    'The address of the server is not a WebSocket address.',
    'Write it as ws://127.0.0.1:8000/v1 or wss://example.org/v1/realtime.',
  );
}

function refuseCredentials(url: URL): void {
  const secret = [...url.searchParams.keys()].find((key) =>
    /^(key|api[-_]?key|access[-_]?token)$/i.test(key),
  );
  if (url.username === '' && url.password === '' && secret === undefined) return;
  const where = secret === undefined ? 'a user name or password' : `a key in "${secret}"`;
  throw refused(
    'url.credentials',
    `The address of the server (${shown(url)}) contains ${where}; addresses end up in logs and shell histories.`,
    'Remove it and set the key as an environment variable; it is sent as the header Authorization: Bearer.',
  );
}

/** Without user, password and query. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function refused(code: string, message: string, hint: string, facts?: Facts): VoxtermError {
  return new VoxtermError(message, { code, exitCode: ExitCode.configuration, hint, facts });
}
