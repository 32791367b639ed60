import type { IncomingMessage } from 'node:http';
import type WebSocket from 'ws';

/** What the message of a failure is made from. */
interface HandshakeWords {
  failed(error: Error): Error;
  refused(status: number, body: string): Error;
  timedOut(timeoutMs: number): Error;
}

export interface HandshakeOptions {
  /** For all steps together: DNS, TCP, TLS, upgrade, and the body of a refusal. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly words: HandshakeWords;
}

/** An error page may be long; its first sentence is enough. */
const longestBody = 16 * 1024;

/**
 * Waits until the socket is open. Call in the tick of construction, with an error listener that stays: terminating a
 * socket that is not open yet is itself an error event. Rejects with an error that says what went wrong, or with the
 * signal's reason; the socket is closed then.
 */
export function handshake(socket: WebSocket, options: HandshakeOptions): Promise<void> {
  const { timeoutMs, signal, words } = options;
  return new Promise((resolve, reject) => {
    let overdue = () => words.timedOut(timeoutMs);
    const fail = (error: unknown) => {
      settle();
      reject(error);
      socket.terminate();
    };
    const abort = () => fail(signal?.reason);
    const failed = (error: Error) => fail(words.failed(error));
    const timer = setTimeout(() => fail(overdue()), timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('error', failed);
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('open', () => {
      settle();
      resolve();
    });
    socket.on('error', failed);
    socket.once('unexpected-response', (_request, response) => {
      const { statusCode = 0 } = response;
      const refusal = collect(response, (body) => fail(words.refused(statusCode, body)));
      overdue = () => words.refused(statusCode, refusal());
    });
  });
}

/** Reads the beginning of a body. Returns a function that gives what has arrived so far. */
function collect(response: IncomingMessage, done: (body: string) => void): () => string {
  let body = Buffer.alloc(0);
  const text = () => body.toString('utf8');
  response.on('data', (chunk: Buffer) => {
    body = Buffer.concat([body, chunk]).subarray(0, longestBody);
    if (body.length === longestBody) done(text());
  });
  response.once('end', () => done(text()));
  response.once('error', () => done(text()));
  return text;
}
