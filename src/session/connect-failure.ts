import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import type { ConnectionSettings } from '../providers/provider.js';

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const checkAddress = 'Check the network connection and the address (--url).';
const isItRunning = 'Check that the server runs and that host and port are right (--url).';

/** Why no connection came about, in words. `url` is printed without its query. */
export function connectFailure(error: Error, url: string, env: ConnectionSettings['env']): VoxtermError {
  const { code, message, hint } = trouble(error, URL.canParse(url) ? new URL(url).host : url);
  return new VoxtermError(message, {
    code: `link.${code}`,
    exitCode: ExitCode.network,
    hint: hint + proxyHint(env),
    cause: error,
  });
}

export function connectTimeout(url: string, timeoutMs: number, env: ConnectionSettings['env']): VoxtermError {
  const host = URL.canParse(url) ? new URL(url).host : url;
  return new VoxtermError(`${host} did not open a connection within ${timeoutMs / 1000} s.`, {
    code: 'link.timeout',
    exitCode: ExitCode.network,
    hint: checkAddress + proxyHint(env),
  });
}

function trouble(error: Error, host: string): Trouble {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { code: 'dns', message: `There is no address for ${host}.`, hint: checkAddress };
    case 'ECONNREFUSED':
      return { code: 'unreachable', message: `Nothing answers at ${host}.`, hint: isItRunning };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'ETIMEDOUT':
      return { code: 'unreachable', message: `${host} cannot be reached.`, hint: checkAddress };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        code: 'cut',
        message: `${host} cut the connection before it was open.`,
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
        'is signed by nobody this machine trusts',
        'Name the authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return tls(host, 'belongs to another name', 'Check the host name (--url).');
    default:
      return protocolTrouble(error, code, host);
  }
}

function protocolTrouble(error: Error, code: string, host: string): Trouble {
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    const hint = 'A server without TLS wants ws:// instead of wss:// (--url).';
    return { code: 'tls', message: `${host} does not speak TLS.`, hint };
  }
  // Node's HTTP parser, and the checks of the WebSocket handshake.
  if (code.startsWith('HPE_') || /invalid (sec-|upgrade|subprotocol)|no subprotocol/i.test(error.message)) {
    return { code: 'not-websocket', message: `${host} answers, but speaks no WebSocket.`, hint: isItRunning };
  }
  return { code: 'failed', message: `No connection to ${host}: ${error.message}`, hint: checkAddress };
}

function tls(host: string, what: string, hint: string): Trouble {
  return { code: 'tls', message: `The certificate of ${host} ${what}.`, hint };
}

/** Many networks only let HTTP out through a proxy, which this connection does not use. */
function proxyHint(env: ConnectionSettings['env']): string {
  const name = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].find((variable) => env[variable]);
  return name === undefined ? '' : ` ${name} is set, but voxterm connects directly.`;
}
