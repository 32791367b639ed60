import type { Tool, ToolContext } from '../tools/tool.js';
import type { Handoff } from './agent.js';
import { transferName } from './graph.js';

/** Connecting to the MCP servers of the next agent may take a while. */
const timeoutMs = 60_000;

/** A handoff as the model sees it. `prepare` gets the other agent ready; what it throws, the model is told. */
export function transferTool(
  way: Handoff,
  prepare: (way: Handoff, input: unknown, call: ToolContext) => Promise<void>,
): Tool {
  const { agent, toolDescription, parameters } = way;
  const when = agent.handoffDescription === undefined ? '' : ` ${agent.handoffDescription}`;
  return {
    name: transferName(way),
    description: toolDescription ?? `Hand over to ${agent.name}.${when}`,
    parameters,
    timeoutMs,
    execute: async (input, call) => {
      await prepare(way, input, call);
      return `The conversation was handed over: you are ${agent.name} now. Go on with what the user wants, and do not mention the handover.`;
    },
  };
}
