import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from '../base/loopback.js';

export interface VisitorRules {
  /** The address it listens on. */
  readonly host: string;
  /** Who knows it may use any name for this machine. */
  readonly token: string | null;
  /** Origins of pages that may connect besides those on this machine: `https://app.example`, `null`, or `*` for all. */
  readonly allowOrigins: readonly string[];
}

export interface ForeignVisitor {
  readonly code: 'origin_not_allowed' | 'host_not_allowed';
  readonly message: string;
  /** The header that was not accepted. */
  readonly value: string;
}

const mostShown = 200;

/**
 * Whether a request comes from a web page that has no business here. Browsers connect to this machine for any page, and
 * tell by `Origin` which one it is; programs mostly send none. A page can also give a name of its own an address of
 * this machine (DNS rebinding), which shows in `Host`.
 */
export function foreignVisitor(
  headers: IncomingHttpHeaders,
  rules: VisitorRules,
): ForeignVisitor | undefined {
  const { allowOrigins, token } = rules;
  if (allowOrigins.includes('*')) return undefined;
  const { host, origin } = headers;
  if (token === null && host !== undefined && !isOurs(host, rules)) {
    return foreign('host_not_allowed', 'Host', host);
  }
  // Some programs send the address they connect to as their origin. That the name is ours was checked above.
  if (origin === undefined || allowOrigins.includes(origin) || originHost(origin) === host) return undefined;
  const page = URL.canParse(origin) ? new URL(origin) : undefined;
  const isLocalPage = page !== undefined && /^https?:$/.test(page.protocol) && isLoopback(page.hostname);
  return isLocalPage ? undefined : foreign('origin_not_allowed', 'Origin', origin);
}

/** A name that only this machine can have: an address cannot be made to lead elsewhere. */
function isOurs(host: string, { host: listens, allowOrigins }: VisitorRules): boolean {
  const name = hostname(`http://${host}`);
  if (name === undefined) return false;
  const names = [listens, ...allowOrigins.map((origin) => hostname(origin))];
  return isLoopback(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || names.includes(name);
}

function hostname(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** As it stands in a `Host` header: with its port, unless that is the usual one. */
function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/?#@]+)$/i.exec(origin)?.[1];
}

function foreign(code: ForeignVisitor['code'], header: string, value: string): ForeignVisitor {
  const shown = JSON.stringify(value.slice(0, mostShown));
  return {
    code,
    value: shown,
    message: `${header} ${shown} is not allowed: only programs and pages of this machine may connect (docs/simulate.md).`,
  };
}
