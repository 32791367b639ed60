import { outgoingFetch } from '../../network/outgoing-fetch.js';
import { limitedFetch } from './limited-fetch.js';
import type { HttpServerOptions, McpServerOptions, StdioServerOptions } from './mcp-server.js';
import { mendedFetch } from './mended-fetch.js';
import type { Sdk, Transport } from './sdk.js';
import { serverEnvironment } from './server-environment.js';
import { StdioTransport } from './stdio-transport.js';

interface TransportParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
}

/** The transport to a server; nothing is started yet. */
export function transportFor(server: McpServerOptions, parts: TransportParts, sdk: Sdk): Transport {
  return 'url' in server ? overNetwork(server, parts, sdk) : asProgram(server, parts, sdk);
}

function asProgram(server: StdioServerOptions, { env, log }: TransportParts, sdk: Sdk): Transport {
  const { command, args = [], cwd } = server;
  return new StdioTransport(
    { command, args, cwd, env: serverEnvironment(env, server.env) },
    { parse: sdk.parseJSONRPCMessage, onErrorLine: log },
  );
}

/** `fetch` refuses addresses with a password in them. */
function overNetwork(
  { url: given, headers = {} }: HttpServerOptions,
  { env }: TransportParts,
  sdk: Sdk,
): Transport {
  const url = new URL(given);
  const { username, password } = url;
  const all = new Headers(headers);
  if (username !== '' || password !== '') {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    if (!all.has('authorization'))
      all.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
    url.username = '';
    url.password = '';
  }
  return new sdk.StreamableHTTPClientTransport(url, {
    requestInit: { headers: all },
    fetch: mendedFetch(limitedFetch(outgoingFetch(env))),
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      maxReconnectionDelay: 10_000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 5,
    },
  });
}
