import type { Tool, ToolContext } from '../tools/definition/tool.js';
import type { Handoff } from './agent.js';
import { transferName } from './agent-graph.js';

/** Connecting to the MCP servers of the next agent may take a while. */
const timeoutMs = 60_000;

/** A handoff as a tool for the model. `prepare` prepares the other agent; if it throws, the model gets the error. */
export function transferTool(
  handoff: Handoff,
  prepare: (handoff: Handoff, input: unknown, call: ToolContext) => Promise<void>,
): Tool {
  const { agent, toolDescription, parameters } = handoff;
  const when = agent.handoffDescription === undefined ? '' : ` ${agent.handoffDescription}`;
  return {
    name: transferName(handoff),
    description: toolDescription ?? `Hand over to ${agent.name}.${when}`,
    parameters,
    timeoutMs,
    execute: async (input, call) => {
      await prepare(handoff, input, call);
      return `The conversation was handed over: you are ${agent.name} now. Continue with what the user asked for, and do not mention the handoff.`;
    },
  };
}
