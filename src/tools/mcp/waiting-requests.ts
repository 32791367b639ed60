import { isObject, type JsonObject } from '../../base/json.js';
import { mendedResult } from './mended-result.js';

type Id = string | number;

/** More requests are not remembered, whether they wait or were answered. */
const mostRequests = 256;
/** JSON-RPC leaves the codes from here to -32099 to servers. */
const serverError = -32_000;

/** The requests that wait for an answer, which say what an answer has to look like. */
export class WaitingRequests {
  /** Methods by id. */
  private readonly waiting = new Map<Id, string>();
  private readonly answered = new Map<Id, string>();

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
    if (id !== undefined) remember(this.waiting, id, message.method);
  }

  /**
   * What was received as messages of JSON-RPC 2.0. Servers leave out `jsonrpc`, send several messages at once, errors as
   * text, and `"error": null` beside a result. What is no message at all stays as it is.
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
    return [{ ...answer, result: found === undefined ? result : mendedResult(found.method, result) }];
  }

  private requestOf(given: unknown, result: unknown): { id: Id; method: string } | undefined {
    const id = idOf(given);
    const found = this.known(id) ?? this.misaddressed(id, result);
    if (found === undefined) return undefined;
    this.waiting.delete(found.id);
    remember(this.answered, found.id, found.method);
    return found;
  }

  /** The request of this id, which some servers send back as a text. */
  private known(id: Id | undefined): { id: Id; method: string } | undefined {
    for (const each of [id, typeof id === 'string' && id.trim() !== '' ? Number(id) : undefined]) {
      const method = each === undefined ? undefined : this.waiting.get(each);
      if (each !== undefined && method !== undefined) return { id: each, method };
    }
    return undefined;
  }

  /**
   * The only request that waits, for an answer with the id of another one. An answer that is sent twice is none: it
   * belongs to a request of the same method that has its answer.
   */
  private misaddressed(id: Id | undefined, result: unknown): { id: Id; method: string } | undefined {
    const [only, ...others] = this.waiting;
    if (only === undefined || others.length > 0) return undefined;
    const [waitingId, method] = only;
    if (id === undefined) return this.alone ? { id: waitingId, method } : undefined;
    const before = this.answered.get(id);
    const other = before === undefined ? this.alone : before !== method;
    return other && (this.alone || fits(method, result)) ? { id: waitingId, method } : undefined;
  }
}

function remember(methods: Map<Id, string>, id: Id, method: string): void {
  methods.set(id, method);
  const oldest = methods.keys().next();
  if (methods.size > mostRequests && !oldest.done) methods.delete(oldest.value);
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
