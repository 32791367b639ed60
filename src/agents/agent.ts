import type { z } from 'zod';
import type { McpServerOptions } from '../tools/mcp/mcp-server.js';
import type { JsonSchema, Tool } from '../tools/tool.js';
import type { OutputGuardrail } from './guardrail.js';

/** What instructions, conditions and callbacks see. */
export interface RunContext {
  /** What the program gave the session, as it is. */
  readonly context: unknown;
  /** Name of the agent that has the conversation. */
  readonly agent: string;
  /** Spoken language of the session, if known. */
  readonly language: string | undefined;
}

/**
 * One voice with a task. Its settings are merged with those of the run: tools and guardrails of both count, its instructions
 * and voice win.
 */
export interface Agent {
  /** 1 to 64 characters; what events, configuration and `--agent` call it by. */
  readonly name: string;
  /** A text, a file that is read when the agent takes over, or a function. Templates such as `{{name}}` are filled in. */
  readonly instructions?: Instructions | undefined;
  /** For the other agents: when to hand over to this one. */
  readonly handoffDescription?: string | undefined;
  readonly tools?: readonly Tool[] | undefined;
  readonly mcpServers?: readonly McpServerOptions[] | undefined;
  readonly voice?: string | undefined;
  /** Whom it may hand over to; a function where agents name each other. */
  readonly handoffs?: readonly (Agent | Handoff)[] | (() => readonly (Agent | Handoff)[]) | undefined;
  readonly outputGuardrails?: readonly OutputGuardrail[] | undefined;
}

export type Instructions =
  | string
  | { readonly file: string }
  | ((context: RunContext) => string | Promise<string>);

/** A way from one agent to another, which the model takes by calling a tool. Make one with `handoff`. */
export interface Handoff {
  readonly agent: Agent;
  /** Default: `transfer_to_` and the agent's name. */
  readonly toolName?: string | undefined;
  readonly toolDescription?: string | undefined;
  /** What the model has to say with it: a zod object or a JSON Schema. */
  readonly parameters?: z.core.$ZodType | JsonSchema | undefined;
  /** Runs before the other agent takes over; what it throws prevents that, and the model is told. */
  readonly onHandoff?: ((input: unknown, context: RunContext) => unknown) | undefined;
  /** Decided whenever an agent takes over. Default true. */
  readonly enabled?: boolean | ((context: RunContext) => boolean | Promise<boolean>) | undefined;
}

/** Gives an agent its type; does nothing at run time. */
export function defineAgent(agent: Agent): Agent {
  return agent;
}

/** A handoff with more than its agent. */
export function handoff(agent: Agent, options: Omit<Handoff, 'agent'> = {}): Handoff {
  return { agent, ...options };
}
