import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { ProxyAddress } from './proxy-address.js';
import { ProxyFailure } from './proxy-failure.js';
import { proxyAuthorization, proxyHost, tunnelAgent } from './tunnel-agent.js';

/** One request; a redirection leads to another. */
interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | undefined;
}

const mostRedirects = 20;
const withoutBody = [204, 205, 304];
/** As in `fetch`: an idle connection is kept for this long. */
const reuse = { keepAlive: true, timeout: 4000 } as const;

const plainAgent = new HttpAgent(reuse);
const tlsAgent = new HttpsAgent(reuse);
/** By the proxy's address. */
const tunnelAgents = new Map<string, HttpAgent>();

/**
 * `fetch` for requests whose bodies fit into memory, through the proxy that `proxyFor` names for each address.
 * @throws ProxyFailure when the proxy refuses or is not there; the signal's reason when that is aborted.
 */
export async function proxyFetch(
  input: string | URL,
  init: RequestInit,
  proxyFor: (target: URL) => ProxyAddress | undefined,
): Promise<Response> {
  const { signal } = init;
  signal?.throwIfAborted();
  // It reads forms, texts and headers as `fetch` does.
  const request = new Request(input, { ...init, signal: null });
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const { method, headers } = request;
  let hop: Hop = { url: new URL(request.url), method, headers, body };
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await exchange(hop, proxyFor(hop.url), signal ?? undefined);
    const next = request.redirect === 'manual' ? undefined : redirected(hop, answer);
    if (next === undefined) return responseOf(answer, hop.method);
    answer.destroy();
    if (request.redirect === 'error') throw new TypeError('The server redirects the request.');
    hop = next;
  }
  throw new TypeError(`The server redirects the request more than ${mostRedirects} times.`);
}

function exchange(
  hop: Hop,
  proxy: ProxyAddress | undefined,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // What is not encrypted is asked of the proxy itself.
    const asked = hop.url.protocol === 'http:' ? proxy : undefined;
    const request = prepare(hop, proxy, signal);
    request.on('error', (error) => {
      if (signal?.aborted) reject(signal.reason);
      else reject(asked === undefined ? error : new ProxyFailure(asked.host, undefined, error));
    });
    request.on('response', (answer) => {
      if (asked === undefined || answer.statusCode !== 407) {
        resolve(answer);
        return;
      }
      answer.destroy();
      reject(new ProxyFailure(asked.host, 407));
    });
    request.end(hop.body);
  });
}

function prepare(hop: Hop, proxy: ProxyAddress | undefined, signal: AbortSignal | undefined): ClientRequest {
  const { url, method } = hop;
  const options = { method, headers: headersOf(hop), ...(signal !== undefined && { signal }) };
  if (url.protocol === 'https:') {
    if (proxy === undefined) return httpsRequest(url, { ...options, agent: tlsAgent });
    const throughTunnel = { ...options, agent: tunnelThrough(proxy), tunnelSignal: signal };
    return httpsRequest(url, throughTunnel);
  }
  if (proxy === undefined) return httpRequest(url, { ...options, agent: plainAgent });
  // Few proxies open a tunnel to anything but TLS; they take the full address instead.
  const toProxy = {
    ...options,
    ...proxyHost(proxy.url),
    path: `${url.origin}${url.pathname}${url.search}`,
    headers: { ...options.headers, host: url.host, ...proxyAuthorization(proxy.url) },
  };
  return proxy.url.protocol === 'https:'
    ? httpsRequest({ ...toProxy, agent: tlsAgent })
    : httpRequest({ ...toProxy, agent: plainAgent });
}

/** `fetch` sends these, too; an encoding is not asked for, because nothing here is large. */
function headersOf({ headers, body, method }: Hop): Record<string, string> {
  return {
    accept: '*/*',
    'user-agent': 'node',
    'accept-encoding': 'identity',
    ...Object.fromEntries(headers),
    ...(body !== undefined && { 'content-length': String(body.length) }),
    ...(body === undefined && method !== 'GET' && method !== 'HEAD' && { 'content-length': '0' }),
  };
}

function tunnelThrough(proxy: ProxyAddress): HttpAgent {
  const { href } = proxy.url;
  const known = tunnelAgents.get(href);
  if (known !== undefined) return known;
  const agent = tunnelAgent(proxy, 'https:', reuse);
  tunnelAgents.set(href, agent);
  return agent;
}

/** The next request after a redirection, as the standard of `fetch` has it. */
function redirected({ url, method, headers, body }: Hop, answer: IncomingMessage): Hop | undefined {
  const { statusCode: status = 0, headers: given } = answer;
  const { location } = given;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, url.href))
    throw new TypeError('The server redirects to something without an address.');
  const target = new URL(location, url);
  if (!/^https?:$/.test(target.protocol)) throw new TypeError('The server redirects away from HTTP.');
  const next = new Headers(headers);
  if (target.origin !== url.origin) for (const name of ['authorization', 'cookie', 'host']) next.delete(name);
  const becomesGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  if (!becomesGet) return { url: target, method, headers: next, body };
  for (const name of [...next.keys()]) if (name.startsWith('content-')) next.delete(name);
  return { url: target, method: 'GET', headers: next, body: undefined };
}

function responseOf(answer: IncomingMessage, method: string): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = answer;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  }
  const isEmpty = method === 'HEAD' || withoutBody.includes(status);
  if (isEmpty) answer.resume();
  return new Response(isEmpty ? null : Readable.toWeb(decoded(answer)), { status, statusText, headers });
}

/** Some servers compress although they were not asked to. */
function decoded(answer: IncomingMessage): Readable {
  const decoder = decoderFor(answer.headers['content-encoding']);
  return decoder === undefined ? answer : pipeline(answer, decoder, () => {});
}

function decoderFor(encoding: string | undefined) {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}
