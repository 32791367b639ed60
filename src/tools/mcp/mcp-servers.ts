import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Tool } from '../definition/tool.js';
import type { McpServerEvent, McpServerOptions, McpServers } from './mcp-server.js';
import { SupervisedServer } from './supervised-server.js';
import { type Timing, usualTiming } from './timing.js';
import { ToolNames } from './tool-names.js';

export interface McpParts {
  /** The common variables in it are passed on to programs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Version of this program, which servers are told. */
  readonly version: string;
  /** Allows headers to be sent unencrypted to other machines; default false. */
  readonly insecure?: boolean | undefined;
  /** Receives what servers write to their standard error, and the states of the connections; without secrets. */
  readonly log?: ((line: string) => void) | undefined;
  readonly timing?: Partial<Timing> | undefined;
}

const serverName = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Starts nothing until tools are requested. @throws VoxtermError exit 3 for an invalid name, or one that two servers
 * have.
 */
export function createMcpServers(options: readonly McpServerOptions[], parts: McpParts): McpServers {
  return new Servers(options, parts);
}

class Servers implements McpServers {
  onToolsChanged: ((server: string) => void) | undefined;
  onEvent: ((event: McpServerEvent) => void) | undefined;
  private readonly lives = new Map<string, SupervisedServer>();

  constructor(
    options: readonly McpServerOptions[],
    { env, version, insecure = false, log, timing }: McpParts,
  ) {
    const names = new ToolNames();
    for (const server of options) {
      requireName(server.name, this.lives);
      const life = new SupervisedServer(server, {
        names,
        env,
        version,
        insecure,
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
