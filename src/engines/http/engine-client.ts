import { isObject } from '../../base/json.js';
import { VoxtermError } from '../../contract/failure.js';
import { type EngineAddress, endpointOf } from './engine-address.js';
import { cutOff, tooLate, unexpectedAnswer, unreachable } from './engine-failure.js';
import { responseFailure } from './error-response.js';

/** An answer that has started. Read it to its end, or `discard` it. */
export interface EngineAnswer {
  /** Lower case, without parameters; empty where the header is missing. */
  readonly contentType: string;
  /** @throws VoxtermError when it stalls or breaks off; the signal's reason when that is aborted. */
  bytes(): AsyncGenerator<Uint8Array, void>;
  text(): Promise<string>;
  /** @throws VoxtermError for anything but a JSON object. */
  object(): Promise<Readonly<Record<string, unknown>>>;
  discard(): void;
}

export interface EngineRequest {
  /** Below the base address: `/chat/completions`. */
  readonly path: string;
  /** Sent as JSON, or as a form; none = GET. */
  readonly body?: FormData | object | undefined;
  /** Replaces the whole address. */
  readonly url?: URL | undefined;
}

/** Transcripts, lists of models and errors are smaller than this. */
const mostTextBytes = 4 * 1024 * 1024;

/** One engine over HTTP, with timeouts, keys and failures that name it. */
export class EngineClient {
  constructor(readonly address: EngineAddress) {}

  /**
   * Resolves when the answer begins.
   * @throws VoxtermError that names the engine; the signal's reason when that is aborted.
   */
  async ask(request: EngineRequest, signal: AbortSignal): Promise<EngineAnswer> {
    try {
      return await this.attempt(request, signal);
    } catch (error) {
      // The server may close a kept-alive connection at the moment it is used again.
      const stale = error instanceof VoxtermError && error.code === 'engine.broken';
      if (!stale || signal.aborted) throw error;
      return this.attempt(request, signal);
    }
  }

  private async attempt({ path, body, url }: EngineRequest, signal: AbortSignal): Promise<EngineAnswer> {
    signal.throwIfAborted();
    const { address } = this;
    const watch = new Watch(address.timeoutMs, signal);
    let response: Response;
    try {
      response = await address.fetch(url ?? endpointOf(address, path), {
        method: body === undefined ? 'GET' : 'POST',
        headers: this.headers(body),
        ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
        signal: watch.signal,
      });
    } catch (error) {
      watch.end();
      signal.throwIfAborted();
      throw watch.late ? tooLate(address, address.timeoutMs, 'begin') : unreachable(address, error);
    }
    const answer = new Answer(address, response, watch, signal);
    if (response.ok) return answer;
    throw responseFailure(address, {
      status: response.status,
      body: await answer.text().catch(() => ''),
      retryAfter: response.headers.get('retry-after'),
    });
  }

  private headers(body: EngineRequest['body']): Record<string, string> {
    const { key } = this.address;
    return {
      ...(body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    };
  }
}

class Answer implements EngineAnswer {
  readonly contentType: string;

  constructor(
    private readonly address: EngineAddress,
    private readonly response: Response,
    private readonly watch: Watch,
    private readonly signal: AbortSignal,
  ) {
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    this.contentType = type.trim().toLowerCase();
  }

  async *bytes(): AsyncGenerator<Uint8Array, void> {
    const { address, watch, signal } = this;
    watch.wind();
    try {
      for await (const chunk of chunksOf(this.response)) {
        // A slow reader does not count; only the engine's silence does.
        watch.stop();
        yield chunk;
        watch.wind();
      }
    } catch (error) {
      signal.throwIfAborted();
      throw watch.late ? tooLate(address, address.timeoutMs, 'go on') : cutOff(address, error);
    } finally {
      this.discard();
    }
  }

  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    let size = 0;
    for await (const chunk of this.bytes()) {
      size += chunk.length;
      if (size > mostTextBytes) throw unexpectedAnswer(this.address, 'more than 4 MB', 'a short text');
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }

  async object(): Promise<Readonly<Record<string, unknown>>> {
    const text = await this.text();
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw unexpectedAnswer(this.address, kindOf(text), 'JSON');
    }
    if (isObject(value)) return value;
    throw unexpectedAnswer(this.address, 'another kind of JSON', 'an object');
  }

  discard(): void {
    this.watch.end();
  }
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body === null) return;
  for await (const chunk of body) if (chunk instanceof Uint8Array) yield chunk;
}

function kindOf(text: string): string {
  if (text.trim() === '') return 'nothing';
  return /^\s*<(!doctype|html|\?xml)/i.test(text) ? 'a web page' : 'plain text';
}

/** Aborts a request that is silent for too long, or that the caller aborts. */
class Watch {
  private readonly controller = new AbortController();
  private readonly abort = (): void => this.controller.abort();
  private timer: NodeJS.Timeout | undefined;
  late = false;

  constructor(
    private readonly timeoutMs: number,
    private readonly caller: AbortSignal,
  ) {
    caller.addEventListener('abort', this.abort, { once: true });
    this.wind();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  wind(): void {
    this.stop();
    this.timer = setTimeout(() => {
      this.late = true;
      this.controller.abort();
    }, this.timeoutMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Closes the connection of an answer that was not read to its end. */
  end(): void {
    this.stop();
    this.caller.removeEventListener('abort', this.abort);
    this.controller.abort();
  }
}
