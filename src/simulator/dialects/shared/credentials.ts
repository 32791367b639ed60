import { createHash, timingSafeEqual } from 'node:crypto';
import type { Upgrade } from '../../wire/dialect.js';

/** What follows a scheme in the authorization header, such as `Bearer`; schemes are written in any case. */
export function authorization({ headers }: Upgrade, scheme: string): string | undefined {
  const [found, key, ...more] = (headers.authorization ?? '').trim().split(/\s+/);
  return found?.toLowerCase() === scheme.toLowerCase() && more.length === 0 ? key : undefined;
}

/** Browsers cannot set headers; they put the key among the subprotocols. */
export function offeredKey({ protocols }: Upgrade): string | undefined {
  return protocols.find((name) => name.startsWith(keyProtocol))?.slice(keyProtocol.length);
}

const keyProtocol = 'openai-insecure-api-key.';

/** A header that is expected once. */
export function header({ headers }: Upgrade, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Compares in constant time, whatever the lengths. */
export function isKey(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
