import type { McpServerState } from '../../contract/mcp-server-states.js';
import type { Approval, Tool } from '../definition/tool.js';

interface CommonServerOptions {
  /** 1 to 32 letters, digits, `_` or `-`; its tools are called `<name>__<tool>`. */
  readonly name: string;
  /** Names or patterns with `*` of its tools, as named by the server; absent = all. */
  readonly allow?: readonly string[] | undefined;
  /** Overrides `allow`. */
  readonly deny?: readonly string[] | undefined;
  /** For all of its tools; default `ask`. */
  readonly approval?: Approval | undefined;
  /** Milliseconds for one call; default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** A local program that communicates through its standard input and output. */
export interface StdioServerOptions extends CommonServerOptions {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Its environment, besides PATH, HOME and the like, which are passed on. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/** A server of the Streamable HTTP transport. */
export interface HttpServerOptions extends CommonServerOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type McpServerOptions = StdioServerOptions | HttpServerOptions;

export interface McpServerEvent {
  readonly server: string;
  readonly state: McpServerState;
  /** By the names that the model uses. */
  readonly tools: readonly string[];
  /** For `lost` and `failed` a sentence that names the server; otherwise a remark about its tools, if any. */
  readonly message?: string | undefined;
}

/** The Model Context Protocol servers of a session, and their tools. */
export interface McpServers {
  /** The names of all servers. */
  readonly names: readonly string[];
  /**
   * The tools of these servers. Connects to servers that are not connected yet. A server that cannot be reached has no
   * tools, and an event reports it. An unknown name is an error of the program.
   */
  tools(servers: readonly string[]): Promise<readonly Tool[]>;
  /** Called when a server's tools have changed: it said so, or it was reconnected. */
  onToolsChanged: ((server: string) => void) | undefined;
  onEvent: ((event: McpServerEvent) => void) | undefined;
  /** Ends all connections and programs. May be called twice. */
  close(): Promise<void>;
}
