import type { Agent } from 'node:http';
import { isLoopback } from '../../base/loopback.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The agent that connects through a proxy, and the proxy's refusal if there was one. */
export interface ProxyWay {
  readonly agent: Agent;
  /** Host and port, for messages; never user and password. */
  readonly host: string;
  /** HTTP status of its refusal; undefined if it has not refused. */
  refusal(): number | undefined;
}

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as const;

/**
 * The proxy that the environment names for this address: `HTTPS_PROXY`, else `ALL_PROXY`, unless `NO_PROXY` or the
 * address itself says otherwise. This machine is never reached through one. The module is loaded on demand.
 */
export async function proxyFor(address: string, env: Environment): Promise<ProxyWay | undefined> {
  const proxy = proxyUrl(new URL(address), env);
  if (proxy === undefined) return undefined;
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const agent = new HttpsProxyAgent(proxy);
  let refusal: number | undefined;
  agent.on('proxyConnect', (answer: { readonly statusCode: number }) => {
    if (answer.statusCode !== 200) refusal = answer.statusCode;
  });
  return { agent, host: proxy.host, refusal: () => refusal };
}

function proxyUrl(target: URL, env: Environment): URL | undefined {
  if (isLoopback(target.hostname) || isExempt(target, env)) return undefined;
  const named = proxyVariables.map((name) => env[name]?.trim()).find((value) => value);
  if (named === undefined) return undefined;
  // curl and others take a bare `host:port`, too.
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(named) ? named : `http://${named}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/**
 * `NO_PROXY`: names with commas; `.example.org` and `example.org` mean the same, a port limits it, `*` is everything.
 */
function isExempt({ hostname, port, protocol }: URL, env: Environment): boolean {
  const wanted = port === '' ? (protocol === 'ws:' ? '80' : '443') : port;
  return (env.NO_PROXY || env.no_proxy || '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (only !== undefined && only !== wanted) return false;
      return name !== '' && (hostname === name || hostname.endsWith(`.${name}`));
    });
}
