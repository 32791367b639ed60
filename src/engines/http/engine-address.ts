import { headerValue } from '../../base/header-value.js';
import { isLoopback } from '../../base/loopback.js';
import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';
import { type OutgoingFetch, outgoingFetch } from '../../network/outgoing-fetch.js';
import { proxyAddress } from '../../network/proxy-address.js';
import { type EngineRole, type Engines, settingOf } from '../core/engine-config.js';

/** An engine's address and key, checked before the session begins. */
export interface EngineAddress {
  readonly role: EngineRole;
  readonly base: URL;
  /** For people: without query. */
  readonly shown: string;
  /** Secret: never in URLs, logs or errors. */
  readonly key: string | undefined;
  readonly keyVariable: string | undefined;
  /** Longest wait for the first byte of an answer, and between any two. */
  readonly timeoutMs: number;
  /** Goes through the proxy that the environment names. */
  readonly fetch: OutgoingFetch;
}

const defaultTimeoutMs = 30_000;

export interface AddressContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A key may travel unencrypted to another machine. */
  readonly insecure?: boolean | undefined;
}

/** @throws VoxtermError exit 3 when its key is missing, or would be exposed by the address; for an unusable proxy. */
export function engineAddress(
  role: EngineRole,
  engine: NonNullable<Engines[EngineRole]>,
  { env, insecure }: AddressContext,
): EngineAddress {
  const { keyVariable, timeoutMs = defaultTimeoutMs } = engine;
  const setting = settingOf({ role }, 'url');
  const keySetting = settingOf({ role }, 'keyVariable');
  const base = URL.canParse(engine.url) ? new URL(engine.url) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw refused('url', `${setting} is not a web address.`, 'Write it up to /v1: http://127.0.0.1:8080/v1');
  }
  const shown = `${base.protocol}//${base.host}${base.pathname.replace(/\/+$/, '')}`;
  if (base.username !== '' || base.password !== '') {
    throw refused(
      'credentials',
      `${setting} (${shown}) holds a user name or password; addresses end up in logs.`,
      `Remove it, and name the variable with the key in ${keySetting}.`,
    );
  }
  const key = keyVariable === undefined ? undefined : headerValue([keyVariable], env);
  if (keyVariable !== undefined && key === undefined) {
    throw refused(
      'key-missing',
      `${keyVariable} is not set; it should hold the key of the ${role} engine (${shown}).`,
      `Set it, or remove ${keySetting} if the engine wants no key.`,
    );
  }
  if (key !== undefined && base.protocol === 'http:' && insecure !== true && !isLoopback(base.hostname)) {
    throw refused(
      'clear-text',
      `${shown} would carry the key in ${String(keyVariable)} unencrypted over the network.`,
      'http:// is allowed to this machine only. Use https://, or allow clear text.',
      { options: ['insecure'] },
    );
  }
  // A proxy that cannot be used is refused before the session begins.
  proxyAddress(base, env);
  return { role, base, shown, key, keyVariable, timeoutMs, fetch: outgoingFetch(env) };
}

/** The address of one endpoint; a query of the base is kept. */
export function endpointOf({ base }: EngineAddress, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

function refused(code: string, message: string, hint: string, facts?: Facts): VoxtermError {
  return new VoxtermError(message, { code: `engine.${code}`, exitCode: ExitCode.configuration, hint, facts });
}
