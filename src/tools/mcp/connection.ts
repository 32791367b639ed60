import { z } from 'zod';
import type { ToolContext } from '../definition/tool.js';
import { callResult } from './call-result.js';
import {
  callFailure,
  forgottenSession,
  meansLost,
  type NextRevision,
  nextRevision,
  otherRevisions,
  plainWords,
  whyLost,
  whyUnusable,
} from './connection-failure.js';
import { type ListedTool, mostListed, readListedTool, type UnusableTool } from './listed-tool.js';
import type { McpServerOptions } from './mcp-server.js';
import { carriedTools } from './mended-result.js';
import type { Client, Sdk, Transport, VersionNegotiation } from './sdk.js';
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

/**
 * The server has forgotten the session, and did not run the tool; the message is like that of {@link ConnectFailure}.
 */
export class SessionLost extends Error {}

/** A server could not be used; the message is the end of a sentence that starts with its name. */
export class ConnectFailure extends Error {}

const mostPages = 64;
const signOfLifeMs = 5000;
/**
 * How long to wait for the answer to a question that only newer servers know. Some older programs leave it unanswered;
 * servers on the network answer everything, but may have to start first.
 */
const probeMs = { program: 3000, network: 6000 };
/** How long to wait for the tools of a server that did not announce any. */
const unannouncedMs = 2000;
const subscribeMs = 5000;
const goodbyeMs = 1000;
const defaultTimeoutMs = 30_000;

/** Replaces the client's own validator for output schemas, which we do not use. */
const noValidator: { getValidator(): never } = {
  getValidator() {
    throw new Error('answers are not checked against a schema');
  },
};

const page = z.looseObject({
  tools: z.array(z.unknown()),
  [carriedTools]: z.array(z.unknown()).optional(),
  nextCursor: z.string().nullish(),
});

interface Failed {
  readonly why: string;
  readonly next: NextRevision;
  /** The reason in terms of revisions, when the server named those it speaks. */
  readonly revisions: string | undefined;
}

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
    // The newest revision first: a server that speaks no other refuses the handshake of the older ones, whereas an
    // older server answers a question that it does not know with an error, and then the client begins as before.
    const timeoutMs = 'url' in server ? probeMs.network : probeMs.program;
    const first = Connection.prepare(server, parts, sdk, { mode: 'auto', probe: { timeoutMs } });
    const failed = await first.begin();
    if (failed === undefined) return first;
    if (failed.next === 'none' || parts.signal.aborted) throw new ConnectFailure(failed.why);
    const second = Connection.prepare(server, parts, sdk, {
      mode: failed.next === 'older' ? 'legacy' : 'auto',
    });
    const again = await second.begin();
    if (again === undefined) return second;
    // The revisions that a server speaks say more than how it refuses the handshake of others.
    throw new ConnectFailure(failed.revisions ?? again.why);
  }

  private static prepare(
    server: McpServerOptions,
    parts: ConnectionParts,
    sdk: Sdk,
    versionNegotiation: VersionNegotiation,
  ): Connection {
    const client = new sdk.Client(
      { name: 'voxterm', version: parts.version },
      { versionNegotiation, jsonSchemaValidator: noValidator },
    );
    // Some servers send change notifications without having announced that they do.
    client.setNotificationHandler('notifications/tools/list_changed', () => parts.onListChanged());
    return new Connection(server, parts, sdk, client, transportFor(server, parts, sdk));
  }

  async list(signal: AbortSignal): Promise<ToolList> {
    if (this.client.getServerCapabilities()?.tools !== undefined) return this.pages(signal);
    // Some servers do not announce their tools. Those that have none refuse the question, or do not answer it.
    const soon = AbortSignal.any([signal, AbortSignal.timeout(unannouncedMs)]);
    return this.pages(soon).catch(() => ({ tools: [], unusable: [] }));
  }

  private async pages(signal: AbortSignal): Promise<ToolList> {
    const tools: ListedTool[] = [];
    const unusable: UnusableTool[] = [];
    const headers = 'url' in this.server && this.client.getProtocolEra() === 'modern';
    const seen = new Set<string>();
    let room = mostListed;
    let cursor: string | undefined;
    for (let pages = 0; pages < mostPages; pages++) {
      const params = cursor === undefined ? {} : { cursor };
      const found = await this.client.request({ method: 'tools/list', params }, page, { signal });
      const entries = found[carriedTools] ?? found.tools;
      for (const entry of entries.slice(0, room)) {
        const tool = readListedTool(entry, { headers });
        if ('why' in tool) unusable.push(tool);
        else tools.push(tool);
      }
      room -= entries.length;
      cursor = found.nextCursor ?? undefined;
      if (cursor === undefined || seen.has(cursor) || room <= 0) break;
      seen.add(cursor);
    }
    return { tools, unusable };
  }

  /**
   * @throws ToolError with a message for the model.
   * @throws SessionLost when the tool was not run, because the server has forgotten the session.
   */
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
      const lost = forgottenSession(error, this.transport.sessionId !== undefined, this.sdk);
      if (lost !== undefined) throw new SessionLost(lost);
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

  /** The reason why it could not connect, if it could not, and which revision to try next. */
  private async begin(): Promise<Failed | undefined> {
    const { signal } = this.parts;
    try {
      const late = () => new this.sdk.SdkError(this.sdk.SdkErrorCode.RequestTimeout, 'too late');
      await withSignal(signal, this.client.connect(this.transport, { signal }), late);
      this.up = true;
      this.subscribe();
      return undefined;
    } catch (error) {
      // Before closing it: how the program ends once we stop it is not the reason.
      const why = whyUnusable(error, this.server, this.transport, this.sdk);
      const next = nextRevision(error, this.server, this.sdk);
      const revisions = otherRevisions(error, this.sdk);
      await this.close();
      return { why: revisions ?? why, next, revisions };
    }
  }

  /** In the newest revision, changes are only told to those who ask for them. */
  private subscribe(): void {
    if (this.client.getProtocolEra() !== 'modern') return;
    if (this.client.getServerCapabilities()?.tools?.listChanged !== true) return;
    this.client.listen({ toolsListChanged: true }, { timeout: subscribeMs }).catch((error: unknown) => {
      this.parts.log(`changes of its tools are not told: ${plainWords(error)}`);
    });
  }

  /** A program's end is reported to us; for a server on the network any error may mean that it is gone. */
  private doubt(error: Error): void {
    this.parts.log(plainWords(error));
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
