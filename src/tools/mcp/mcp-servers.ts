import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Tool } from '../tool.js';
import type { McpServerEvent, McpServerOptions, McpServers } from './mcp-server.js';
import { ServerLife } from './server-life.js';
import { type Timing, usualTiming } from './timing.js';
import { ToolNames } from './tool-names.js';

export interface McpParts {
  /** A small part of it is passed on to programs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of this program; servers are told. */
  readonly version: string;
  /** What servers write to their standard error, and what becomes of the connections; without secrets. */
  readonly log?: ((line: string) => void) | undefined;
  readonly timing?: Partial<Timing> | undefined;
}

const serverName = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Nothing is started before somebody asks for tools.
 * @throws VoxtermError exit 3 for a name that is none, or that two servers have.
 */
export function createMcpServers(options: readonly McpServerOptions[], parts: McpParts): McpServers {
  return new Servers(options, parts);
}

class Servers implements McpServers {
  onToolsChanged: ((server: string) => void) | undefined;
  onEvent: ((event: McpServerEvent) => void) | undefined;
  private readonly lives = new Map<string, ServerLife>();

  constructor(options: readonly McpServerOptions[], { env, version, log, timing }: McpParts) {
    const names = new ToolNames();
    for (const server of options) {
      requireName(server.name, this.lives);
      const life = new ServerLife(server, {
        names,
        env,
        version,
        timing: { ...usualTiming, ...timing },
        log: log ?? (() => {}),
        onEvent: (event) => this.onEvent?.(event),
        onToolsChanged: () => this.onToolsChanged?.(server.name),
      });
      this.lives.set(server.name, life);
    }
  }

  get names(): readonly string[] {
    return [...this.lives.keys()];
  }

  async tools(servers: readonly string[]): Promise<readonly Tool[]> {
    const wanted = [...new Set(servers)].map((name) => {
      const life = this.lives.get(name);
      if (life === undefined) throw new Error(`There is no MCP server named ${JSON.stringify(name)}.`);
      return life;
    });
    return (await Promise.all(wanted.map((life) => life.tools()))).flat();
  }

  async close(): Promise<void> {
    await Promise.all([...this.lives.values()].map((life) => life.close()));
  }
}

function requireName(name: string, taken: ReadonlyMap<string, unknown>): void {
  const problem = serverName.test(name)
    ? taken.has(name) && 'is the name of two MCP servers'
    : 'cannot be the name of an MCP server';
  if (problem === false) return;
  throw new VoxtermError(`${JSON.stringify(name)} ${problem}.`, {
    code: 'mcp.name',
    exitCode: ExitCode.configuration,
    hint: 'A name is 1 to 32 letters (A-Z, a-z), digits, "_" or "-", and belongs to one server.',
  });
}
