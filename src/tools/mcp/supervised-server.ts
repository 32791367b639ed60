import { setTimeout as pause } from 'node:timers/promises';
import { isAllowed } from '../definition/name-pattern.js';
import type { Tool, ToolContext } from '../definition/tool.js';
import { ToolError } from '../definition/tool-error.js';
import { exposedHeaders } from './clear-text.js';
import { ConnectFailure, Connection, SessionLost, type ToolList } from './connection.js';
import { plainWords } from './connection-failure.js';
import { type ListedTool, mostTools } from './listed-tool.js';
import type { McpServerEvent, McpServerOptions } from './mcp-server.js';
import { secretMask } from './secret-mask.js';
import type { Timing } from './timing.js';
import type { ToolNames } from './tool-names.js';

export interface SupervisedServerParts {
  readonly names: ToolNames;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly insecure: boolean;
  readonly timing: Timing;
  readonly log: (line: string) => void;
  onEvent(event: McpServerEvent): void;
  onToolsChanged(): void;
}

type State =
  | { readonly kind: 'new' }
  /** `waited` resolves when connecting is done or has taken long enough. */
  | { readonly kind: 'connecting'; readonly done: Promise<void>; readonly waited: Promise<void> }
  | { readonly kind: 'up'; readonly connection: Connection; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly timer: NodeJS.Timeout | undefined }
  | { readonly kind: 'failed'; readonly atMs: number }
  | { readonly kind: 'closed' };

/** One server for the whole session: connects, and reconnects after a crash or a lost connection. */
export class SupervisedServer {
  private state: State = { kind: 'new' };
  private known: readonly Tool[] = [];
  private specs = '';
  private attempts = 0;
  private returning: Promise<void> | undefined;
  private listing: Promise<void> | undefined;
  private listAgain = false;
  private readonly attempted: (() => void)[] = [];
  private readonly stop = new AbortController();
  private readonly clean: (text: string) => string;

  constructor(
    private readonly server: McpServerOptions,
    private readonly parts: SupervisedServerParts,
  ) {
    this.clean = secretMask(server);
  }

  /** Connects if that was not done yet. The tools of a server that is temporarily away stay. */
  async tools(): Promise<readonly Tool[]> {
    const { state, parts } = this;
    switch (state.kind) {
      case 'failed':
        if (performance.now() - state.atMs < parts.timing.retryFailedMs) return [];
        await this.begin();
        return this.known;
      case 'new':
        await this.begin();
        return this.known;
      case 'connecting':
        await state.waited;
        return this.known;
      case 'up':
      case 'lost':
        return this.known;
      case 'closed':
        return [];
    }
  }

  async close(): Promise<void> {
    const { state } = this;
    this.state = { kind: 'closed' };
    this.stop.abort();
    if (state.kind === 'lost') clearTimeout(state.timer);
    if (state.kind === 'connecting') await state.done;
    if (state.kind === 'up') await state.connection.close();
    await this.returning;
    for (const resolve of this.attempted.splice(0)) resolve();
  }

  /** Resolves when the server is connected, has failed, or takes so long that the session continues without it. */
  private begin(): Promise<void> {
    const { connectMs } = this.parts.timing;
    let late = false;
    const done = this.connect().then((failure) => {
      if (this.isClosed()) return;
      if (failure === undefined) {
        if (late) this.parts.onToolsChanged();
        return;
      }
      this.state = { kind: 'failed', atMs: performance.now() };
      this.tell('failed', failure);
    });
    const waited = new Promise<void>((resolve) => {
      const goOn = () => {
        late = true;
        const why = `is not ready after ${connectMs / 1000} s; its tools will be available as soon as it is`;
        this.tell('failed', this.sentence(why));
        resolve();
      };
      const timer = this.timeoutMs > connectMs ? setTimeout(goOn, connectMs) : undefined;
      void done.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.state = { kind: 'connecting', done, waited };
    return waited;
  }

  private get timeoutMs(): number {
    const { connectMs, startMs } = this.parts.timing;
    return 'command' in this.server ? Math.max(connectMs, startMs) : connectMs;
  }

  /** The reason why it failed, as a sentence; undefined when it succeeded. */
  private async connect(returning = false): Promise<string | undefined> {
    const { env, version, insecure } = this.parts;
    const exposed = insecure ? undefined : exposedHeaders(this.server);
    if (exposed !== undefined) return this.sentence(exposed);
    const deadline = AbortSignal.timeout(this.timeoutMs);
    const signal = AbortSignal.any([deadline, this.stop.signal]);
    let connection: Connection | undefined;
    let gone: string | undefined;
    try {
      connection = await Connection.open(this.server, {
        env,
        version,
        signal,
        log: (line) => this.log(line),
        onListChanged: () => this.refresh(),
        onLost: (why) => {
          gone = why;
          if (connection !== undefined) this.lose(connection, why);
        },
      });
      const { remarks, changed } = this.take(await connection.list(signal));
      if (this.isClosed()) throw new ConnectFailure('was no longer needed');
      this.state = { kind: 'up', connection, sinceMs: performance.now() };
      this.tell(returning ? 'restored' : 'connected', remarks);
      if (returning && changed) this.parts.onToolsChanged();
      this.catchUp();
      return undefined;
    } catch (error) {
      await connection?.close();
      if (error instanceof ConnectFailure) return this.sentence(error.message);
      return this.sentence(gone ?? notListed(error, deadline));
    }
  }

  private lose(connection: Connection, why: string): void {
    const { state } = this;
    if (state.kind !== 'up' || state.connection !== connection) return;
    if (performance.now() - state.sinceMs >= this.parts.timing.stableMs) this.attempts = 0;
    this.state = { kind: 'lost', timer: undefined };
    this.tell('lost', `${this.sentence(why)} Trying to reconnect.`);
    this.comeBackLater();
  }

  private comeBackLater(): void {
    const { retryMs } = this.parts.timing;
    const wait = retryMs[Math.min(this.attempts, retryMs.length - 1)] ?? 0;
    this.attempts += 1;
    const timer = setTimeout(() => {
      this.returning = this.comeBack();
    }, wait);
    timer.unref();
    this.state = { kind: 'lost', timer };
  }

  private async comeBack(): Promise<void> {
    const failure = await this.connect(true);
    for (const resolve of this.attempted.splice(0)) resolve();
    if (failure === undefined || this.isClosed()) return;
    this.log(failure);
    this.comeBackLater();
  }

  /** One listing at a time; a change in the meantime is handled afterwards. */
  private refresh(): void {
    if (this.listing !== undefined || this.state.kind !== 'up') {
      this.listAgain = true;
      return;
    }
    const { connection } = this.state;
    const rest = () => pause(this.parts.timing.relistMs, undefined, { ref: false });
    this.listing = this.listAnew(connection)
      .then(rest)
      .then(() => {
        this.listing = undefined;
        this.catchUp();
      });
  }

  private catchUp(): void {
    const again = this.listAgain;
    this.listAgain = false;
    if (again) this.refresh();
  }

  private async listAnew(connection: Connection): Promise<void> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(this.parts.timing.connectMs), this.stop.signal]);
      const list = await connection.list(signal);
      if (this.state.kind !== 'up' || this.state.connection !== connection) return;
      const { remarks, changed } = this.take(list);
      if (!changed) return;
      this.tell('changed', remarks);
      this.parts.onToolsChanged();
    } catch (error) {
      this.log(`its changed tools cannot be listed: ${plainWords(error)}`);
    }
  }

  /** Replaces the known tools by the allowed ones of the list. */
  private take({ tools, unusable }: ToolList): { remarks: string | undefined; changed: boolean } {
    // Of two tools with one name the first is used.
    const named = new Map([...tools].reverse().map((tool) => [tool.name, tool]));
    const allowed = tools.filter(
      (tool) => named.get(tool.name) === tool && isAllowed(tool.name, this.server),
    );
    const kept = allowed.slice(0, mostTools);
    const remarks = unusable
      .filter(({ name }) => isAllowed(name, this.server))
      .slice(0, 5)
      .map(({ name, why }) => `${name} is left out: ${why}.`);
    if (allowed.length > kept.length)
      remarks.push(`Only the first ${mostTools} of ${allowed.length} tools are used.`);
    const missing = this.server.allow?.find(
      (pattern) => !pattern.includes('*') && !tools.some(({ name }) => name === pattern),
    );
    if (missing !== undefined)
      remarks.push(`It has no tool named ${JSON.stringify(missing)}, which "allow" names.`);
    const specs = JSON.stringify(kept);
    const changed = specs !== this.specs;
    this.specs = specs;
    if (changed) this.known = kept.map((tool) => this.toolOf(tool));
    return { remarks: remarks.length === 0 ? undefined : this.clean(remarks.join(' ')), changed };
  }

  private toolOf(tool: ListedTool): Tool {
    return {
      name: this.parts.names.of(this.server.name, tool.name),
      description: tool.description,
      parameters: tool.schema,
      // A server's hints about itself ("read-only") are not trusted: its author could claim anything.
      approval: this.server.approval ?? 'ask',
      timeoutMs: this.server.timeoutMs ?? 30_000,
      execute: (args, context) => this.call(tool, args, context),
    };
  }

  private async call(tool: ListedTool, args: unknown, context: ToolContext): Promise<unknown> {
    const { state } = this;
    if (state.kind !== 'up') throw this.unreachable();
    try {
      return await this.callAgain(state.connection, tool, args, context);
    } catch (error) {
      throw error instanceof ToolError ? new ToolError(error.code, this.clean(error.message)) : error;
    }
  }

  /** A server that has forgotten the session did not run the tool: it is called again, once, on a new connection. */
  private async callAgain(
    connection: Connection,
    tool: ListedTool,
    args: unknown,
    context: ToolContext,
  ): Promise<unknown> {
    try {
      return await connection.call(tool, args, context);
    } catch (error) {
      if (!(error instanceof SessionLost)) throw error;
      this.lose(connection, error.message);
      await this.nextAttempt(context.signal);
    }
    const { state } = this;
    if (state.kind !== 'up') throw this.unreachable();
    try {
      return await state.connection.call(tool, args, context);
    } catch (error) {
      if (!(error instanceof SessionLost)) throw error;
      throw new ToolError(
        'mcp.lost',
        `The server ${this.server.name} ${error.message}. The tool was not run.`,
      );
    }
  }

  private unreachable(): ToolError {
    return new ToolError(
      'mcp.lost',
      `The server ${this.server.name} cannot be reached at the moment; reconnecting. The tool was not run.`,
    );
  }

  /** Resolves when the next attempt to reconnect has succeeded or failed. */
  private nextAttempt(signal: AbortSignal): Promise<void> {
    if (this.state.kind !== 'lost') return Promise.resolve();
    return new Promise((resolve) => {
      this.attempted.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private tell(state: McpServerEvent['state'], message?: string): void {
    if (this.isClosed()) return;
    const tools = state === 'failed' ? [] : this.known.map(({ name }) => name);
    this.log(`${state}${message === undefined ? '' : `: ${message}`}`);
    this.parts.onEvent({ server: this.server.name, state, tools, message });
  }

  private sentence(why: string): string {
    return this.clean(`The MCP server ${this.server.name} ${why.replace(/\.$/, '')}.`);
  }

  private log(line: string): void {
    this.parts.log(`mcp ${this.server.name}: ${this.clean(line)}`);
  }

  private isClosed(): boolean {
    return this.state.kind === 'closed';
  }
}

function notListed(error: unknown, deadline: AbortSignal): string {
  if (deadline.aborted) return 'did not list its tools in time';
  return `cannot list its tools: ${plainWords(error).slice(0, 300)}`;
}
