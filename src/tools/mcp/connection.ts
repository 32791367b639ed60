import { z } from 'zod';
import type { ToolContext } from '../definition/tool.js';
import { callResult } from './call-result.js';
import { callFailure, meansLost, whyLost, whyUnusable } from './connection-failure.js';
import { type ListedTool, mostListed, readListedTool, type UnusableTool } from './listed-tool.js';
import type { McpServerOptions } from './mcp-server.js';
import type { Client, Sdk, Transport } from './sdk.js';
import { transportFor } from './transports.js';

export interface ConnectionParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Version of this program, which servers are told. */
  readonly version: string;
  readonly log: (line: string) => void;
  /** Aborted when connecting takes too long, and when the connection is no longer needed. */
  readonly signal: AbortSignal;
  onListChanged(): void;
  /** Called once, when an established connection is lost without having been closed; `why` is the end of a sentence. */
  onLost(why: string): void;
}

export interface ToolList {
  readonly tools: readonly ListedTool[];
  readonly unusable: readonly UnusableTool[];
}

/** A server could not be used; the message is the end of a sentence that starts with its name. */
export class ConnectFailure extends Error {}

const mostPages = 64;
const signOfLifeMs = 5000;
const goodbyeMs = 1000;
const defaultTimeoutMs = 30_000;

/** Replaces the client's own validator for output schemas, which we do not use. */
const noValidator: { getValidator(): never } = {
  getValidator() {
    throw new Error('answers are not checked against a schema');
  },
};

const page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().nullish() });

/** One connection, from start to end; a new connection needs a new object. */
export class Connection {
  private up = false;
  private over = false;
  private doubting = false;

  private constructor(
    private readonly server: McpServerOptions,
    private readonly parts: ConnectionParts,
    private readonly sdk: Sdk,
    private readonly client: Client,
    private readonly transport: Transport,
  ) {
    client.onclose = () => this.lose(undefined);
    client.onerror = (error) => this.doubt(error);
  }

  /** @throws ConnectFailure */
  static async open(server: McpServerOptions, parts: ConnectionParts): Promise<Connection> {
    const { sdk } = await import('./sdk.js');
    if (parts.signal.aborted) throw new ConnectFailure('was no longer needed');
    // A server that supports only the newer handshake refuses the older one with a protocol error.
    const older = Connection.prepare(server, parts, sdk, 'legacy');
    const refusal = await older.begin();
    if (refusal === undefined) return older;
    if (!refusal.ofProtocol || parts.signal.aborted) throw new ConnectFailure(refusal.why);
    const newer = Connection.prepare(server, parts, sdk, 'auto');
    const again = await newer.begin();
    if (again === undefined) return newer;
    throw new ConnectFailure(again.why);
  }

  private static prepare(
    server: McpServerOptions,
    parts: ConnectionParts,
    sdk: Sdk,
    mode: 'legacy' | 'auto',
  ): Connection {
    const onChanged = () => parts.onListChanged();
    const client = new sdk.Client(
      { name: 'voxterm', version: parts.version },
      {
        versionNegotiation: { mode },
        listChanged: { tools: { autoRefresh: false, debounceMs: 50, onChanged } },
        jsonSchemaValidator: noValidator,
      },
    );
    // Some servers send change notifications without having announced that they do.
    client.setNotificationHandler('notifications/tools/list_changed', onChanged);
    return new Connection(server, parts, sdk, client, transportFor(server, parts, sdk));
  }

  async list(signal: AbortSignal): Promise<ToolList> {
    const tools: ListedTool[] = [];
    const unusable: UnusableTool[] = [];
    // Otherwise the client would print a remark to our standard output.
    if (this.client.getServerCapabilities()?.tools === undefined) return { tools, unusable };
    const seen = new Set<string>();
    let room = mostListed;
    let cursor: string | undefined;
    for (let pages = 0; pages < mostPages; pages++) {
      const params = cursor === undefined ? {} : { cursor };
      const found = await this.client.request({ method: 'tools/list', params }, page, { signal });
      for (const entry of found.tools.slice(0, room)) {
        const tool = readListedTool(entry);
        if ('why' in tool) unusable.push(tool);
        else tools.push(tool);
      }
      room -= found.tools.length;
      cursor = found.nextCursor ?? undefined;
      if (cursor === undefined || seen.has(cursor) || room <= 0) break;
      seen.add(cursor);
    }
    return { tools, unusable };
  }

  /** @throws ToolError with a message for the model. */
  async call(tool: ListedTool, args: unknown, context: ToolContext): Promise<unknown> {
    const { timeoutMs = defaultTimeoutMs } = this.server;
    const given = z.record(z.string(), z.unknown()).safeParse(args).data ?? {};
    try {
      const result = await this.client.callTool(
        { name: tool.name, arguments: given },
        {
          signal: context.signal,
          // The tool runner keeps the time and aborts the signal; this is a safeguard for other callers.
          timeout: timeoutMs + 1000,
          onprogress: ({ progress, total, message }) => context.progress({ progress, total, message }),
          // Without an output schema: an answer that violates it is still useful.
          toolDefinition: { name: tool.name, inputSchema: { ...tool.schema, type: 'object' } },
        },
      );
      return callResult(result);
    } catch (error) {
      throw callFailure(error, this.server.name, this.sdk);
    }
  }

  /** Ends the connection, and the program. May be called twice. */
  async close(): Promise<void> {
    this.over = true;
    const { transport, sdk } = this;
    if (transport instanceof sdk.StreamableHTTPClientTransport) {
      await within(goodbyeMs, transport.terminateSession()).catch(() => {});
    }
    await this.client.close().catch(() => {});
    // The client forgets its transport if that has ended first.
    await transport.close().catch(() => {});
  }

  /** The reason why it could not connect, if it could not. */
  private async begin(): Promise<{ readonly why: string; readonly ofProtocol: boolean } | undefined> {
    const { signal } = this.parts;
    try {
      const late = () => new this.sdk.SdkError(this.sdk.SdkErrorCode.RequestTimeout, 'too late');
      await withSignal(signal, this.client.connect(this.transport, { signal }), late);
      this.up = true;
      return undefined;
    } catch (error) {
      // Before closing it: how the program ends once we stop it is not the reason.
      const why = whyUnusable(error, this.server, this.transport, this.sdk);
      await this.close();
      return { why, ofProtocol: error instanceof this.sdk.ProtocolError };
    }
  }

  /** A program's end is reported to us; for a server on the network any error may mean that it is gone. */
  private doubt(error: Error): void {
    this.parts.log(error.message);
    if (!this.up || this.over || this.doubting || !('url' in this.server)) return;
    this.doubting = true;
    const options = { timeout: signOfLifeMs };
    const alive =
      this.client.getProtocolEra() === 'modern' ? this.client.discover(options) : this.client.ping(options);
    void alive
      .catch((reason: unknown) => {
        if (meansLost(reason, this.sdk)) this.lose(reason);
      })
      .finally(() => {
        this.doubting = false;
      });
  }

  private lose(error: unknown): void {
    if (!this.up || this.over) return;
    const why = whyLost(error, this.transport, this.sdk);
    void this.close();
    this.parts.onLost(why);
  }
}

function withSignal<Value>(signal: AbortSignal, work: Promise<Value>, late: () => Error): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(late());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
