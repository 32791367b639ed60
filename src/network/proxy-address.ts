import { isLoopback } from '../base/loopback.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { isExempt } from './proxy-exemptions.js';

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** A proxy that the environment names. */
export interface ProxyAddress {
  /** Secret: it may hold user and password. */
  readonly url: URL;
  /** Host and port, for messages; never user and password. */
  readonly host: string;
  /** The variable that names it. */
  readonly variable: string;
}

/** As curl does, the lower case counts first. `ws:` was always taken through HTTPS_PROXY, so that stays possible. */
const variables = {
  'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  'wss:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
  'ws:': ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const;

/**
 * The proxy that the environment names for this address, unless `NO_PROXY` or the address itself says otherwise. This
 * machine is never reached through one.
 * @throws VoxtermError exit 3 for a proxy that cannot be used, such as SOCKS; going around it might expose the user.
 */
export function proxyAddress(target: URL, env: ProxyEnvironment): ProxyAddress | undefined {
  const { protocol, hostname } = target;
  if (!isNetworkProtocol(protocol) || isLoopback(hostname) || isExempt(target, env)) return undefined;
  for (const variable of variables[protocol]) {
    // A web server that runs a CGI program sets HTTP_PROXY to what the client sends as "Proxy:".
    if (variable === 'HTTP_PROXY' && env.REQUEST_METHOD !== undefined) continue;
    const value = env[variable]?.trim();
    if (value) return read(variable, value);
  }
  return undefined;
}

function isNetworkProtocol(protocol: string): protocol is keyof typeof variables {
  return Object.hasOwn(variables, protocol);
}

function read(variable: string, value: string): ProxyAddress {
  if (/^socks/i.test(value)) throw socksRefused(variable);
  // curl and others take a bare `host:port`, too.
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || isMisread(url)) throw unusable(variable);
  url.username = withEncodedPercent(url.username);
  url.password = withEncodedPercent(url.password);
  if (!isDecodable(url.username) || !isDecodable(url.password)) throw unusable(variable);
  return { url, host: url.host, variable };
}

/** A password with `/`, `?` or `#` in it: what comes before would count as the host, and be printed. */
function isMisread({ pathname, search, hash }: URL): boolean {
  return `${pathname}${search}${hash}`.includes('@');
}

function withEncodedPercent(text: string): string {
  return text.replace(/%(?![\da-f]{2})/gi, '%25');
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function socksRefused(variable: string): VoxtermError {
  return new VoxtermError(`${variable} names a SOCKS proxy, and only HTTP proxies are supported.`, {
    code: 'config.proxy',
    exitCode: ExitCode.configuration,
    hint:
      'Set HTTPS_PROXY=http://HOST:PORT (most SOCKS proxies have an HTTP port as well); ' +
      'it counts before ALL_PROXY. NO_PROXY exempts servers that can be reached directly.',
    facts: { variable },
  });
}

function unusable(variable: string): VoxtermError {
  return new VoxtermError(`${variable} is not the address of an HTTP proxy.`, {
    code: 'config.proxy',
    exitCode: ExitCode.configuration,
    hint:
      'Write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with the characters @ : / ? # % of the password ' +
      'as %40 %3A %2F %3F %23 %25.',
    facts: { variable },
  });
}
