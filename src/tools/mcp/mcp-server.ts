import type { McpServerState } from '../../contract/mcp-server-states.js';
import type { Approval, Tool } from '../tool.js';

interface CommonServerOptions {
  /** 1 to 32 letters, digits, `_` or `-`; its tools are called `<name>__<tool>`. */
  readonly name: string;
  /** Names or patterns with `*` of its tools, as the server calls them; absent = all. */
  readonly allow?: readonly string[] | undefined;
  /** Wins over `allow`. */
  readonly deny?: readonly string[] | undefined;
  /** For all of its tools; default `ask`. */
  readonly approval?: Approval | undefined;
  /** Milliseconds for one call; default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** A program on this machine that is spoken to through its standard input and output. */
export interface StdioServerOptions extends CommonServerOptions {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** All that it sees of our environment besides PATH, HOME and the like. */
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
  /** As the model calls them. */
  readonly tools: readonly string[];
  /** Of `lost` and `failed` a sentence that names the server; else what is to be said about its tools, if anything. */
  readonly message?: string | undefined;
}

/** Servers of the Model Context Protocol and what they offer, for as long as a session lasts. */
export interface McpServers {
  /** Servers by name whose connection exists or is being made; unknown names are an error of the program. */
  readonly names: readonly string[];
  /**
   * Tools of these servers, connecting to those that are not connected yet. A server that cannot be reached has none, and an
   * event says so.
   */
  tools(servers: readonly string[]): Promise<readonly Tool[]>;
  /** The tools of some server are others now: it said so, or it came back. */
  onToolsChanged: ((server: string) => void) | undefined;
  onEvent: ((event: McpServerEvent) => void) | undefined;
  /** Ends all connections and programs. Twice does no harm. */
  close(): Promise<void>;
}
