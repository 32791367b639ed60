import { type ProxyEnvironment, proxyAddress } from './proxy-address.js';

/** `fetch`, as much of it as we use. */
export type OutgoingFetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` that goes through the proxy that the environment names for the address; Node's own knows none.
 * Every request of ours over HTTP goes through this.
 * @throws ProxyFailure when the proxy refuses or is not there; VoxtermError exit 3 for a proxy that cannot be used.
 */
export function outgoingFetch(env: ProxyEnvironment): OutgoingFetch {
  return async (input, init = {}) => {
    if (proxyAddress(new URL(input), env) === undefined && !nodeAsksProxies()) return fetch(input, init);
    const { proxyFetch } = await import('./proxy-fetch.js');
    return proxyFetch(input, init, (target) => proxyAddress(target, env));
  };
}

/** Node 24 and later can be told to ask proxies itself. It would ask them for this machine, too. */
function nodeAsksProxies(): boolean {
  const { NODE_USE_ENV_PROXY: use, NODE_OPTIONS: options = '' } = process.env;
  return (
    (use !== undefined && use !== '0') || /--use-env-proxy/.test(`${process.execArgv.join(' ')} ${options}`)
  );
}
