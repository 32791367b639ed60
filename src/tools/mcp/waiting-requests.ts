import { isObject, type JsonObject } from '../../base/json.js';
import { mendedResult } from './mended-result.js';

type Id = string | number;

interface Asked {
  readonly method: string;
  /** Whether it is of revision 2026-07-28 or later. */
  readonly modern: boolean;
}

type Waiting = Asked & { readonly id: Id };

/** More requests are not remembered, whether they wait or were answered. */
const mostRequests = 256;
/** JSON-RPC leaves the codes from here to -32099 to servers. */
const serverError = -32_000;
export const newestRevision = '2026-07-28';
/** The code of an error that lists the revisions that a server speaks. */
export const unsupportedRevision = -32_022;

/** The requests that wait for an answer, which say what an answer has to look like. */
export class WaitingRequests {
  private readonly waiting = new Map<Id, Asked>();
  private readonly answered = new Map<Id, Asked>();

  /** @param alone answers come on a channel of their own, so that one without an id is that of the request. */
  constructor(private readonly alone = false) {}

  /** To be called with everything that is sent: a message, or a list of them. */
  sent(message: unknown): void {
    if (Array.isArray(message)) {
      for (const each of message) this.sent(each);
      return;
    }
    if (!isObject(message) || typeof message.method !== 'string') return;
    const id = idOf(message.id);
    if (id !== undefined)
      remember(this.waiting, id, { method: message.method, modern: isModern(message.params) });
  }

  /**
   * What was received as messages of JSON-RPC 2.0. Servers leave out `jsonrpc`, send several messages at once, errors
   * as text, and `"error": null` beside a result. What is no message at all stays as it is.
   */
  mended(received: unknown): readonly unknown[] {
    if (Array.isArray(received)) return received.flatMap((each) => this.mended(each));
    if (!isObject(received)) return [received];
    const { method, id, error, result } = received;
    if (typeof method === 'string') {
      const { params, ...call } = received;
      return [{ ...call, jsonrpc: '2.0', ...(isObject(params) && { params }) }];
    }
    if (!('id' in received) || !('result' in received || 'error' in received)) return [received];
    const found = this.requestOf(id, result);
    const answer = { jsonrpc: '2.0', id: found?.id ?? id };
    if (error !== undefined && error !== null) return [{ ...answer, error: mendedError(error) }];
    if (found === undefined) return [{ ...answer, result }];
    const mended = mendedResult(found.method, result, found.modern);
    const unspoken = found.method === 'server/discover' ? laterRevisions(mended) : undefined;
    return [unspoken === undefined ? { ...answer, result: mended } : { ...answer, error: unspoken }];
  }

  private requestOf(given: unknown, result: unknown): Waiting | undefined {
    const id = idOf(given);
    const found = this.known(id) ?? this.misaddressed(id, result);
    if (found === undefined) return undefined;
    this.waiting.delete(found.id);
    remember(this.answered, found.id, found);
    return found;
  }

  /** The request of this id, which some servers send back as a text. */
  private known(id: Id | undefined): Waiting | undefined {
    for (const each of [id, typeof id === 'string' && id.trim() !== '' ? Number(id) : undefined]) {
      const asked = each === undefined ? undefined : this.waiting.get(each);
      if (each !== undefined && asked !== undefined) return { id: each, ...asked };
    }
    return undefined;
  }

  /**
   * The only request that waits, for an answer with the id of another one. An answer that is sent twice is none: it
   * belongs to a request of the same method that has its answer.
   */
  private misaddressed(id: Id | undefined, result: unknown): Waiting | undefined {
    const [only, ...others] = this.waiting;
    if (only === undefined || others.length > 0) return undefined;
    const [waitingId, asked] = only;
    const found = { id: waitingId, ...asked };
    if (id === undefined) return this.alone ? found : undefined;
    const before = this.answered.get(id);
    const other = before === undefined ? this.alone : before.method !== asked.method;
    return other && (this.alone || fits(asked.method, result)) ? found : undefined;
  }
}

function remember(requests: Map<Id, Asked>, id: Id, asked: Asked): void {
  requests.set(id, asked);
  const oldest = requests.keys().next();
  if (requests.size > mostRequests && !oldest.done) requests.delete(oldest.value);
}

/** The newest revision names itself in each request; older ones do so in the handshake alone. */
function isModern(params: unknown): boolean {
  const meta = isObject(params) ? params._meta : undefined;
  return isObject(meta) && 'io.modelcontextprotocol/protocolVersion' in meta;
}

/**
 * The error for a server that speaks only revisions later than ours. The client would otherwise begin the handshake of
 * older revisions, and forget what the server said.
 */
function laterRevisions(discovered: unknown): JsonObject | undefined {
  const given = isObject(discovered) ? discovered.supportedVersions : undefined;
  const supported = Array.isArray(given) ? given.filter((version) => typeof version === 'string') : [];
  if (supported.length === 0 || supported.some((version) => version <= newestRevision)) return undefined;
  return { code: unsupportedRevision, message: 'Unsupported protocol version', data: { supported } };
}

function fits(method: string, result: unknown): boolean {
  if (!isObject(result)) return false;
  if (method === 'tools/list') return Array.isArray(result.tools);
  return method === 'tools/call' && (result.content ?? result.structuredContent ?? undefined) !== undefined;
}

function mendedError(error: unknown): JsonObject {
  if (!isObject(error)) return { code: serverError, message: textOf(error) };
  const { code, message, data } = error;
  const number = typeof code === 'string' && code.trim() !== '' ? Number(code) : code;
  return {
    code: Number.isInteger(number) ? number : serverError,
    message: typeof message === 'string' && message.trim() !== '' ? message : textOf(message ?? error),
    ...(data !== undefined && data !== null && { data }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function idOf(id: unknown): Id | undefined {
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}
