import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach } from 'vitest';

/** One request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The client left before the answer was complete. */
  gone: boolean;
}

export type Behaviour = (asked: Asked, response: ServerResponse) => Promise<void> | void;

/** A server with the three endpoints, and with the delays, splits and faults of a test. */
export class FakeEngines {
  readonly asked: Asked[] = [];
  private readonly behaviours = new Map<string, Behaviour>();

  private constructor(private readonly server: Server) {}

  static async start(behaviours: Readonly<Record<string, Behaviour>> = {}): Promise<FakeEngines> {
    const server = createServer();
    const fake = new FakeEngines(server);
    for (const [path, behaviour] of Object.entries(behaviours)) fake.on(path, behaviour);
    server.on('request', (request, response) => void fake.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    running.add(fake);
    return fake;
  }

  get port(): number {
    const address = this.server.address() as AddressInfo;
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** What happens at a path below the server's root: `/v1/chat/completions`. */
  on(path: string, behaviour: Behaviour): void {
    this.behaviours.set(path, behaviour);
  }

  to(path: string): Asked[] {
    return this.asked.filter((asked) => asked.path === path);
  }

  async stop(): Promise<void> {
    running.delete(this);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    const asked: Asked = { method, path, headers, body: Buffer.concat(chunks), gone: false };
    this.asked.push(asked);
    response.on('close', () => {
      asked.gone = !response.writableFinished;
    });
    const behaviour = this.behaviours.get(path) ?? notFound;
    await behaviour(asked, response);
  }
}

const running = new Set<FakeEngines>();
afterEach(async () => {
  await Promise.all([...running].map((fake) => fake.stop()));
});

const notFound: Behaviour = ({ path }, response) => {
  response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`File Not Found (${path})`);
};

export function json(status: number, value: unknown): Behaviour {
  return (_asked, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  };
}

export function page(status: number): Behaviour {
  return (_asked, response) => {
    response.writeHead(status, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Welcome</title>');
  };
}

/** Never begins to answer. */
export const mute: Behaviour = () => {};

/** The pieces one after the other, with a pause before each. */
export function stream(
  contentType: string,
  pieces: readonly (string | Uint8Array)[],
  pauseMs = 0,
): Behaviour {
  return async (asked, response) => {
    response.writeHead(200, { 'Content-Type': contentType });
    response.flushHeaders();
    for (const piece of pieces) {
      if (pauseMs > 0) await delay(pauseMs);
      if (asked.gone) return;
      response.write(piece);
    }
    response.end();
  };
}

/** Begins, and then the connection breaks; or, with `stall`, nothing more comes. */
export function broken(contentType: string, beginning: string | Uint8Array, stall = false): Behaviour {
  return async (_asked, response) => {
    response.writeHead(200, { 'Content-Type': contentType });
    response.write(beginning);
    if (stall) return;
    await delay(20);
    response.destroy();
  };
}

/** Chunks of a chat completion as server-sent events. */
export function events(...chunks: readonly unknown[]): string[] {
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
}

export function words(content: string): object {
  return { choices: [{ index: 0, delta: { content }, finish_reason: null }] };
}

export function callOf(name: string, args: object, { index = 0, id = 'call_1' } = {}): object {
  const call = { index, id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
  return { choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }] };
}

export const stopped = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

/** The body of a JSON request. */
export function bodyOf({ body }: Asked): Record<string, unknown> {
  const value: unknown = JSON.parse(body.toString());
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new Error('no JSON object');
}

/** The fields of a form, and the bytes of its file. */
export async function formOf({
  headers,
  body,
}: Asked): Promise<{ fields: Record<string, string>; file: Buffer }> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'Content-Type': headers['content-type'] ?? '' },
  }).formData();
  const fields: Record<string, string> = {};
  let file = Buffer.alloc(0);
  for (const [key, value] of form) {
    if (typeof value === 'string') fields[key] = value;
    else file = Buffer.from(await value.arrayBuffer());
  }
  return { fields, file };
}

/** A tone as 16-bit samples. */
export function tonePcm(ms: number, rateHz = 24_000): Uint8Array {
  const samples = Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, n) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 440 * n) / rateHz)),
  );
  return new Uint8Array(samples.buffer);
}
