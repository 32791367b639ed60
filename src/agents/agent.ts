import type { z } from 'zod';
import type { JsonSchema, Tool } from '../tools/definition/tool.js';
import type { McpServerOptions } from '../tools/mcp/mcp-server.js';
import type { OutputGuardrail } from './guardrail.js';

/** What instructions, conditions and callbacks see. */
export interface RunContext {
  /** The `context` that the program gave the session, unchanged. */
  readonly context: unknown;
  /** Name of the current agent. */
  readonly agent: string;
  /** Spoken language of the session, if known. */
  readonly language: string | undefined;
}

/**
 * A voice with a task. Its settings are merged with the session's: tools and guardrails of both apply; the agent's
 * instructions and voice win.
 */
export interface Agent {
  /** 1 to 64 characters; events and configuration refer to the agent by this name. */
  readonly name: string;
  /**
   * A text, a file that is read when the agent takes over, or a function. Templates such as `{{name}}` are filled in.
   */
  readonly instructions?: Instructions | undefined;
  /** Tells the other agents when to hand over to this one. */
  readonly handoffDescription?: string | undefined;
  readonly tools?: readonly Tool[] | undefined;
  readonly mcpServers?: readonly McpServerOptions[] | undefined;
  readonly voice?: string | undefined;
  /** The agents it may hand over to; a function where agents refer to each other. */
  readonly handoffs?: readonly (Agent | Handoff)[] | (() => readonly (Agent | Handoff)[]) | undefined;
  readonly outputGuardrails?: readonly OutputGuardrail[] | undefined;
}

export type Instructions =
  | string
  | { readonly file: string }
  | ((context: RunContext) => string | Promise<string>);

/** A handoff from one agent to another; the model takes it by calling a tool. Create one with `handoff`. */
export interface Handoff {
  readonly agent: Agent;
  /** Default: `transfer_to_` and the agent's name. */
  readonly toolName?: string | undefined;
  readonly toolDescription?: string | undefined;
  /** What the model must pass with it: a zod object or a JSON Schema. */
  readonly parameters?: z.core.$ZodType | JsonSchema | undefined;
  /**
   * Runs before the other agent takes over. If it throws, the handoff does not happen, and the model gets the error.
   */
  readonly onHandoff?: ((input: unknown, context: RunContext) => unknown) | undefined;
  /** Evaluated whenever an agent takes over. Default true. */
  readonly enabled?: boolean | ((context: RunContext) => boolean | Promise<boolean>) | undefined;
}

/** Types an agent; does nothing at run time. */
export function defineAgent(agent: Agent): Agent {
  return agent;
}

/** A handoff with options. */
export function handoff(agent: Agent, options: Omit<Handoff, 'agent'> = {}): Handoff {
  return { agent, ...options };
}
