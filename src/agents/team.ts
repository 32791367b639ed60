import type { SessionSettings } from '../contract/settings.js';
import type { McpServerEvent } from '../tools/mcp/mcp-server.js';
import type { ToolRunner } from '../tools/tool.js';
import type { Agent } from './agent.js';
import type { OutputGuardrail } from './guardrail.js';

/** What a session is told in an agent's name. */
export interface Persona {
  readonly agent: string;
  /** Complete, without the tools: those are the runner's specs. */
  readonly settings: SessionSettings;
}

/**
 * The agents of a session: who has the conversation, and what the model is told in its name. A call of a transfer tool is an
 * outcome of `tools` that says who takes over.
 */
export interface Team {
  readonly current: Agent;
  /** Everybody who can come to have the conversation. */
  readonly agents: readonly Agent[];
  /** Runs the tools of whoever has the conversation; its specs change with the agent and with MCP servers. */
  readonly tools: ToolRunner;
  readonly guardrails: readonly OutputGuardrail[];
  /** Resolves everything the first agent needs. @throws VoxtermError for what is wrong with it. */
  start(): Promise<Persona>;
  /** Another agent takes over from `from` by order of the program. @throws VoxtermError for what is wrong with it. */
  switchTo(agent: Agent): Promise<Persona & { readonly from: string }>;
  /** The user has said something: what the agents did among themselves is over. */
  userSpoke(): void;
  /** The tools of the current agent are others now. */
  onChanged: ((persona: Persona) => void) | undefined;
  /** What becomes of the MCP servers. Events from before it is set wait for it. */
  onServer: ((event: McpServerEvent) => void) | undefined;
  close(): Promise<void>;
}
