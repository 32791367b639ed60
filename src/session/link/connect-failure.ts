import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { ProxyFailure, refusalHint } from '../../network/proxy-failure.js';

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The address may be the wrong one. */
  readonly byAddress?: true;
}

const checkAddress = { hint: 'Check the network connection and the address.', byAddress: true } as const;
const isItRunning = {
  hint: 'Check that the server runs and that host and port are right.',
  byAddress: true,
} as const;

/**
 * The message for a failed connection. `url` is printed without its query; `proxy`: host of the proxy, if there is one.
 */
export function connectFailure(error: Error, url: string, proxy: string | undefined): VoxtermError {
  const host = URL.canParse(url) ? new URL(url).host : url;
  if (error instanceof ProxyFailure && error.status !== undefined)
    return proxyRefused(error.proxy, error.status);
  const isProxys = error instanceof ProxyFailure;
  const socketError = isProxys && error.cause instanceof Error ? error.cause : error;
  const nearest = proxy === undefined ? host : `the proxy ${proxy}`;
  return failure(trouble(socketError, isProxys ? error.proxy : host, nearest), host, proxy, socketError);
}

export function connectTimeout(url: string, timeoutMs: number, proxy: string | undefined): VoxtermError {
  const host = URL.canParse(url) ? new URL(url).host : url;
  const message = `${host} did not open a connection within ${timeoutMs / 1000} s.`;
  return failure({ code: 'timeout', message, ...checkAddress }, host, proxy);
}

function failure(
  { code, message, hint, byAddress }: Trouble,
  host: string,
  proxy: string | undefined,
  cause?: Error,
): VoxtermError {
  return new VoxtermError(message, {
    code: `link.${code}`,
    exitCode: ExitCode.network,
    hint: proxyHint(proxy) + hint,
    facts: { host, ...(proxy !== undefined && { proxy }), ...(byAddress && { options: ['url'] }) },
    cause,
  });
}

/** `nearest`: the host that the socket connects to; behind a proxy, only TLS and later steps involve the server. */
function trouble(error: Error, host: string, nearest: string): Trouble {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { code: 'dns', message: `There is no address for ${nearest}.`, ...checkAddress };
    case 'ECONNREFUSED':
      return { code: 'unreachable', message: `Nothing answers at ${nearest}.`, ...isItRunning };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'ETIMEDOUT':
      return { code: 'unreachable', message: `${capital(nearest)} cannot be reached.`, ...checkAddress };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        code: 'cut',
        message: `${capital(nearest)} cut the connection before it was open.`,
        hint: 'If the address begins with ws://, the server may want wss://, or a firewall is in between.',
      };
    case 'CERT_HAS_EXPIRED':
      return tls(host, 'has expired', 'Check the clock of this machine, or renew the certificate.');
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return tls(
        host,
        'is not signed by an authority that this machine trusts',
        'Name the authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { ...tls(host, 'belongs to another name', 'Check the host name.'), byAddress: true };
    default:
      return protocolTrouble(error, code, host);
  }
}

function protocolTrouble(error: Error, code: string, host: string): Trouble {
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    const hint = 'A server without TLS has an address with ws:// instead of wss://.';
    return { code: 'tls', message: `${host} does not speak TLS.`, hint, byAddress: true };
  }
  // Node's HTTP parser, and the checks of the WebSocket handshake.
  if (code.startsWith('HPE_') || /invalid (sec-|upgrade|subprotocol)|no subprotocol/i.test(error.message)) {
    return { code: 'not-websocket', message: `${host} answers, but speaks no WebSocket.`, ...isItRunning };
  }
  return { code: 'failed', message: `No connection to ${host}: ${error.message}`, ...checkAddress };
}

function tls(host: string, what: string, hint: string): Trouble {
  return { code: 'tls', message: `The certificate of ${host} ${what}.`, hint };
}

function proxyHint(proxy: string | undefined): string {
  return proxy === undefined ? '' : `The connection goes through the proxy ${proxy} (HTTPS_PROXY). `;
}

function capital(subject: string): string {
  return subject.replace(/^the /, 'The ');
}

function proxyRefused(proxy: string, status: number): VoxtermError {
  return new VoxtermError(`The proxy ${proxy} does not let us through (HTTP ${status}).`, {
    code: 'link.proxy',
    exitCode: ExitCode.network,
    hint: refusalHint(status),
    facts: { proxy, status },
  });
}
