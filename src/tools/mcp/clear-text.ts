import { isLoopback } from '../../base/loopback.js';
import type { McpServerOptions } from './mcp-server.js';

/**
 * Why a server is not used that would get its headers unencrypted over the network, as the end of a sentence that
 * starts with its name. Undefined if it would not.
 */
export function exposedHeaders(server: McpServerOptions): string | undefined {
  if (!('url' in server) || !URL.canParse(server.url)) return undefined;
  const { protocol, hostname, host, username, password } = new URL(server.url);
  const sends = Object.keys(server.headers ?? {}).length > 0 || username !== '' || password !== '';
  if (protocol !== 'http:' || isLoopback(hostname) || !sends) return undefined;
  return (
    `is not used: http://${host} would be sent its headers unencrypted over the network. ` +
    'Use https://, or allow clear text with the option "insecure"'
  );
}
