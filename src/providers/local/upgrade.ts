import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why an upgrade is refused, as the real API words it. */
export interface UpgradeRefusal {
  readonly status: 400 | 401 | 404;
  readonly code: string;
  readonly message: string;
}

export interface AcceptedUpgrade {
  readonly model: string;
  /** The client still speaks the dialect of the preview. */
  readonly beta: boolean;
}

const origin = 'ws://localhost';
const keyProtocol = 'openai-insecure-api-key.';

/** Decides about a WebSocket upgrade by its path, key and query. `token` null lets everybody in. */
export function judgeUpgrade(
  request: IncomingMessage,
  token: string | null,
  defaultModel: string,
): AcceptedUpgrade | UpgradeRefusal {
  const path = request.url ?? '/';
  // "//" is a path one can send but no URL can be made of.
  const url = URL.canParse(path, origin) ? new URL(path, origin) : undefined;
  if (url === undefined || !/\/realtime\/?$/.test(url.pathname)) {
    return { status: 404, code: 'not_found', message: `Invalid URL (GET ${path.slice(0, 200)})` };
  }
  if (token !== null) {
    const key = keyOf(request);
    if (key === undefined) {
      return { status: 401, code: 'missing_api_key', message: 'Missing bearer authentication in header' };
    }
    if (!same(key, token)) {
      return { status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' };
    }
  }
  if (url.searchParams.has('call_id') || url.searchParams.has('intent')) {
    const message = 'This server holds conversations only: use ?model=, not call_id or intent.';
    return { status: 400, code: 'unsupported_parameter', message };
  }
  const beta = request.headers['openai-beta'] !== undefined || protocolsOf(request).includes(betaProtocol);
  return { model: url.searchParams.get('model') || defaultModel, beta };
}

const betaProtocol = 'openai-beta.realtime-v1';

function keyOf(request: IncomingMessage): string | undefined {
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  // Browsers cannot set headers; they put the key among the subprotocols.
  return (
    bearer ??
    protocolsOf(request)
      .find((name) => name.startsWith(keyProtocol))
      ?.slice(keyProtocol.length)
  );
}

function protocolsOf(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/** Compares in constant time, whatever the lengths. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
