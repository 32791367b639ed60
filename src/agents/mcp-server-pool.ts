import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Tool } from '../tools/definition/tool.js';
import type { McpServerEvent, McpServerOptions, McpServers } from '../tools/mcp/mcp-server.js';

/** Can reach these servers, and starts each only when its tools are requested. */
export type McpServersFactory = (servers: readonly McpServerOptions[]) => Promise<McpServers>;

/** The MCP servers of all agents, each connected when the first agent that has it takes over. */
export class McpServerPool {
  onToolsChanged: (server: string) => void = () => {};
  onEvent: (event: McpServerEvent) => void = () => {};
  private readonly known = new Map<string, McpServerOptions>();
  private readonly connected = new Map<string, Promise<McpServers>>();
  private closed = false;

  constructor(private readonly create: McpServersFactory | undefined) {}

  /** @throws VoxtermError exit 3 for two different servers of one name. */
  register(servers: readonly McpServerOptions[], origin: string): void {
    for (const server of servers) {
      const other = this.known.get(server.name);
      if (other !== undefined && !same(other, server)) throw duplicate(server.name, origin);
      this.known.set(server.name, server);
    }
  }

  /** Returns the servers' tools. Connects to servers that are not connected yet. */
  async tools(servers: readonly McpServerOptions[]): Promise<readonly Tool[]> {
    if (servers.some(({ name }) => !this.connected.has(name))) {
      // For all known servers: each is started only when its tools are requested.
      const fresh = [...this.known.values()].filter(({ name }) => !this.connected.has(name));
      const group = this.connect(fresh);
      for (const { name } of fresh) this.connected.set(name, group);
    }
    const groups = new Map<Promise<McpServers>, string[]>();
    for (const { name } of servers) {
      const group = this.connected.get(name);
      if (group === undefined) continue;
      groups.set(group, [...(groups.get(group) ?? []), name]);
    }
    const lists = await Promise.all([...groups].map(async ([group, names]) => (await group).tools(names)));
    return lists.flat();
  }

  async close(): Promise<void> {
    this.closed = true;
    const groups = new Set(this.connected.values());
    this.connected.clear();
    await Promise.allSettled([...groups].map(async (group) => (await group).close()));
  }

  private async connect(servers: readonly McpServerOptions[]): Promise<McpServers> {
    if (this.create === undefined) throw unavailable(servers);
    const group = await this.create(servers);
    if (this.closed) await group.close();
    group.onToolsChanged = (server) => this.onToolsChanged(server);
    group.onEvent = (event) => this.onEvent(event);
    return group;
  }
}

/** A configuration may name the same server for several agents. */
function same(a: McpServerOptions, b: McpServerOptions): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function duplicate(name: string, origin: string): VoxtermError {
  return new VoxtermError(`Two MCP servers are named "${name}"; one is from ${origin}.`, {
    code: 'mcp.duplicate',
    exitCode: ExitCode.configuration,
    hint: 'Tool names begin with the name of their server: rename one of them.',
  });
}

function unavailable(servers: readonly McpServerOptions[]): VoxtermError {
  const names = servers.map(({ name }) => name).join(', ');
  return new VoxtermError(`MCP servers cannot be used here: ${names}.`, {
    code: 'mcp.unavailable',
    exitCode: ExitCode.unexpected,
  });
}
