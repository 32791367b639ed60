import type { Handoff, Input } from '../../contract/inputs.js';

/** The handoff to another agent that the outcome of a tool call carries. */
export function handoffOf(input: Input): Handoff | undefined {
  if (input.type !== 'tool.ended' || input.outcome.kind !== 'finished') return undefined;
  return input.outcome.handoff;
}
