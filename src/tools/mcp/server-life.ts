import { setTimeout as pause } from 'node:timers/promises';
import type { Tool, ToolContext } from '../tool.js';
import { ToolError } from '../tool-error.js';
import { ConnectFailure, Connection, type ToolList } from './connection.js';
import { type ListedTool, mostTools } from './listed-tool.js';
import type { McpServerEvent, McpServerOptions } from './mcp-server.js';
import { isAllowed } from './patterns.js';
import { veil } from './secrets.js';
import type { Timing } from './timing.js';
import type { ToolNames } from './tool-names.js';

export interface LifeParts {
  readonly names: ToolNames;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly timing: Timing;
  readonly log: (line: string) => void;
  onEvent(event: McpServerEvent): void;
  onToolsChanged(): void;
}

type State =
  | { readonly kind: 'new' }
  /** `waited`: done, or waited for long enough. */
  | { readonly kind: 'connecting'; readonly done: Promise<void>; readonly waited: Promise<void> }
  | { readonly kind: 'up'; readonly connection: Connection; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly timer: NodeJS.Timeout | undefined }
  | { readonly kind: 'failed'; readonly atMs: number }
  | { readonly kind: 'closed' };

/** One server from the first connection through crashes and returns to the end of the session. */
export class ServerLife {
  private state: State = { kind: 'new' };
  private known: readonly Tool[] = [];
  private specs = '';
  private attempts = 0;
  private returning: Promise<void> | undefined;
  private listing: Promise<void> | undefined;
  private listAgain = false;
  private readonly stop = new AbortController();
  private readonly clean: (text: string) => string;

  constructor(
    private readonly server: McpServerOptions,
    private readonly parts: LifeParts,
  ) {
    this.clean = veil(server);
  }

  /** Connects where that was not done yet; the tools of a server that is away just now stay. */
  async tools(): Promise<readonly Tool[]> {
    const { state, parts } = this;
    switch (state.kind) {
      case 'failed':
        if (performance.now() - state.atMs < parts.timing.patienceMs) return [];
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
  }

  /** Resolves when it is there, has failed, or takes so long that everything else goes on without it. */
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
        const why = `is not ready after ${connectMs / 1000} s; its tools will be there as soon as it is`;
        this.tell('failed', this.sentence(why));
        resolve();
      };
      const timer = this.patienceMs > connectMs ? setTimeout(goOn, connectMs) : undefined;
      void done.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.state = { kind: 'connecting', done, waited };
    return waited;
  }

  private get patienceMs(): number {
    const { connectMs, startMs } = this.parts.timing;
    return 'command' in this.server ? Math.max(connectMs, startMs) : connectMs;
  }

  /** Why it did not succeed, as a sentence, if it did not. */
  private async connect(returning = false): Promise<string | undefined> {
    const { env, version } = this.parts;
    const deadline = AbortSignal.timeout(this.patienceMs);
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
      if (this.isClosed()) throw new ConnectFailure('was not needed any more');
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
    this.tell('lost', `${this.sentence(why)} Trying to reach it again.`);
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
    if (failure === undefined || this.isClosed()) return;
    this.log(failure);
    this.comeBackLater();
  }

  /** One listing at a time; a change in the meantime is looked at afterwards. */
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
      this.log(
        `its changed tools cannot be listed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** Makes the tools that may be used ours. */
  private take({ tools, unusable }: ToolList): { remarks: string | undefined; changed: boolean } {
    // Of two with one name the first counts.
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
      // Hints of a server about itself ("only reads") allow nothing: whoever wrote it could write anything.
      approval: this.server.approval ?? 'ask',
      timeoutMs: this.server.timeoutMs ?? 30_000,
      execute: (args, context) => this.call(tool, args, context),
    };
  }

  private async call(tool: ListedTool, args: unknown, context: ToolContext): Promise<unknown> {
    if (this.state.kind !== 'up') {
      throw new ToolError(
        'mcp.lost',
        `The server ${this.server.name} cannot be reached just now; it is being tried again. The tool was not run.`,
      );
    }
    try {
      return await this.state.connection.call(tool, args, context);
    } catch (error) {
      throw error instanceof ToolError ? new ToolError(error.code, this.clean(error.message)) : error;
    }
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
  return `cannot list its tools: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`;
}
