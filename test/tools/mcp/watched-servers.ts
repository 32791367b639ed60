import { onTestFinished } from 'vitest';
import type { Tool, ToolContext } from '../../../src/tools/definition/tool.js';
import type { McpServerEvent, McpServerOptions, McpServers } from '../../../src/tools/mcp/mcp-server.js';
import { createMcpServers, type McpParts } from '../../../src/tools/mcp/mcp-servers.js';

/** Servers whose events can be waited for. */
export interface WatchedServers {
  readonly servers: McpServers;
  readonly events: readonly McpServerEvent[];
  readonly lines: readonly string[];
  /** Names of the servers whose tools changed. */
  readonly changes: readonly string[];
  /** The next event of this state that was not waited for yet, or the first to come. */
  event(state: McpServerEvent['state']): Promise<McpServerEvent>;
  /** The first line of the log that matches. */
  line(pattern: RegExp): Promise<string>;
  tool(name: string): Promise<Tool>;
}

export function watched(options: readonly McpServerOptions[], parts: Partial<McpParts> = {}): WatchedServers {
  const events: McpServerEvent[] = [];
  const lines: string[] = [];
  const changes: string[] = [];
  const unseen: McpServerEvent[] = [];
  let wake = (): void => {};
  const woken = () =>
    new Promise<void>((resolve) => {
      const before = wake;
      wake = () => {
        before();
        resolve();
      };
    });
  const ring = (): void => {
    const now = wake;
    wake = () => {};
    now();
  };
  const servers = createMcpServers(options, {
    env: process.env,
    version: '1.2.3',
    ...parts,
    timing: { retryMs: [10, 50, 100], ...parts.timing },
    log: (line) => {
      lines.push(line);
      ring();
    },
  });
  servers.onEvent = (event) => {
    events.push(event);
    unseen.push(event);
    ring();
  };
  servers.onToolsChanged = (server) => changes.push(server);
  onTestFinished(() => servers.close());
  return {
    servers,
    events,
    lines,
    changes,
    async event(state) {
      for (;;) {
        const at = unseen.findIndex((each) => each.state === state);
        const [found] = at < 0 ? [] : unseen.splice(at, 1);
        if (found !== undefined) return found;
        await woken();
      }
    },
    async line(pattern) {
      for (;;) {
        const found = lines.find((each) => pattern.test(each));
        if (found !== undefined) return found;
        await woken();
      }
    },
    async tool(name) {
      const found = (await servers.tools(servers.names)).find((each) => each.name === name);
      if (found === undefined) throw new Error(`there is no tool ${name}`);
      return found;
    },
  };
}

export function contextOf(more: Partial<ToolContext> = {}): ToolContext {
  return {
    signal: new AbortController().signal,
    callId: 'call-1',
    env: {},
    context: undefined,
    progress: () => {},
    ...more,
  };
}

/** What a tool answers, or the message of what it throws. */
export async function answer(tool: Tool, args: unknown, context = contextOf()): Promise<string> {
  try {
    return String(await tool.execute(args, context));
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
