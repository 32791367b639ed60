import type { SessionSettings } from '../contract/settings.js';
import type { ToolRunner } from '../tools/definition/tool.js';
import type { McpServerEvent } from '../tools/mcp/mcp-server.js';
import type { Agent } from './agent.js';
import type { OutputGuardrail } from './guardrail.js';

/** An agent's name and the settings that a session uses for it. */
export interface Persona {
  readonly agent: string;
  /** Complete, except for the tools: those are the runner's specs. */
  readonly settings: SessionSettings;
}

/**
 * The agents of a session: which one is current, and with which settings. When a transfer tool is called, the outcome
 * from `tools` says which agent takes over.
 */
export interface Team {
  readonly current: Agent;
  /** All agents that can take over. */
  readonly agents: readonly Agent[];
  /** Runs the tools of the current agent; its specs change with the agent and with MCP servers. */
  readonly tools: ToolRunner;
  readonly guardrails: readonly OutputGuardrail[];
  /** Resolves everything the first agent needs. @throws VoxtermError when something is wrong with it. */
  start(): Promise<Persona>;
  /**
   * Lets another agent take over from `from` at the program's request. @throws VoxtermError when something is wrong
   * with it.
   */
  switchTo(agent: Agent): Promise<Persona & { readonly from: string }>;
  /** The user has said something: handoffs are counted from zero again. */
  userSpoke(): void;
  /** Called when the tools of the current agent have changed. */
  onChanged: ((persona: Persona) => void) | undefined;
  /** Called with the events of the MCP servers. Events from before it is set wait for it. */
  onServer: ((event: McpServerEvent) => void) | undefined;
  close(): Promise<void>;
}
