import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Agent, Handoff } from './agent.js';
import type { OutputGuardrail } from './guardrail.js';

/** All agents that can take part in the conversation, and the handoffs of each. */
export type AgentGraph = ReadonlyMap<Agent, readonly Handoff[]>;

export interface GraphOptions {
  readonly start: Agent;
  /** Handoffs that every agent has. */
  readonly handoffs?: Agent['handoffs'];
  /** `start` replaces another agent of the same name. */
  readonly replaces?: boolean | undefined;
}

const longestName = 64;

/** @throws VoxtermError exit 3 for names that are invalid, that two agents share, or that no model could call. */
export function readGraph({ start, handoffs, replaces = false }: GraphOptions): AgentGraph {
  const graph = new Map<Agent, readonly Handoff[]>();
  const names = new Map<string, Agent>();
  const shared = listOf(handoffs);
  const waiting = [start];
  for (let agent = waiting.shift(); agent !== undefined; agent = waiting.shift()) {
    if (graph.has(agent)) continue;
    checkAgent(agent);
    const namesake = names.get(agent.name);
    if (namesake !== undefined) {
      if (replaces && namesake === start) continue;
      throw invalid(
        `Two agents are named "${agent.name}".`,
        'Rename one of them: events and handoffs refer to an agent by its name.',
      );
    }
    names.set(agent.name, agent);
    const outgoing = handoffsFrom(agent, shared, replaces ? start : undefined);
    graph.set(agent, outgoing);
    waiting.push(...outgoing.map((handoff) => handoff.agent));
  }
  for (const [agent, outgoing] of graph) checkHandoffs(agent, outgoing);
  return graph;
}

/** Name of the tool that the model calls to hand over. */
export function transferName({ agent, toolName }: Handoff): string {
  return toolName ?? `transfer_to_${agent.name.replace(/[^A-Za-z0-9_-]/g, '_')}`;
}

function handoffsFrom(
  agent: Agent,
  shared: readonly Handoff[],
  replacement: Agent | undefined,
): readonly Handoff[] {
  const own = listOf(agent.handoffs).map((handoff) =>
    replacement !== undefined && handoff.agent.name === replacement.name
      ? { ...handoff, agent: replacement }
      : handoff,
  );
  const taken = new Set(own.map((handoff) => handoff.agent));
  // An agent's own handoff to another overrides the shared one.
  return [...own, ...shared.filter((handoff) => handoff.agent !== agent && !taken.has(handoff.agent))];
}

function listOf(handoffs: Agent['handoffs']): readonly Handoff[] {
  const list = typeof handoffs === 'function' ? handoffs() : (handoffs ?? []);
  return list.map((handoff) =>
    typeof handoff === 'object' && handoff !== null && 'agent' in handoff ? handoff : { agent: handoff },
  );
}

/** Checks at run time, for programs without types. */
function checkAgent(agent: Agent): void {
  if (typeof agent !== 'object' || agent === null) {
    throw invalid(
      `Expected an agent, got ${agent === null ? 'null' : `a value of type ${typeof agent}`}.`,
      'An agent is an object with a name. Agents that refer to each other need a function for their handoffs.',
    );
  }
  checkName(agent.name);
  checkGuardrails(agent.outputGuardrails, `agent "${agent.name}"`);
}

/** @throws VoxtermError exit 3 for a guardrail that could never check anything. */
export function checkGuardrails(guardrails: readonly OutputGuardrail[] | undefined, origin: string): void {
  for (const guardrail of guardrails ?? []) {
    if (typeof guardrail?.name === 'string' && typeof guardrail.check === 'function') continue;
    throw new VoxtermError(
      `\`outputGuardrails\` of ${origin}: expected objects with \`name\` and \`check\`.`,
      {
        code: 'guardrail.invalid',
        exitCode: ExitCode.configuration,
        hint: 'A guardrail is { name, check }, optionally with debounceCharacters.',
      },
    );
  }
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && name.trim() !== '' && name.length <= longestName && !/\p{Cc}/u.test(name))
    return;
  const given =
    typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : `a value of type ${typeof name}`;
  throw invalid(
    `Invalid agent name: ${given}.`,
    `A name is 1 to ${longestName} characters, none of them a control character.`,
  );
}

function checkHandoffs(agent: Agent, handoffs: readonly Handoff[]): void {
  const taken = new Map<string, string>();
  for (const handoff of handoffs) {
    const name = transferName(handoff);
    const from = `the handoff from "${agent.name}" to "${handoff.agent.name}"`;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw invalid(
        `${from.replace(/^t/, 'T')} would be a tool named "${name}", which no model can call.`,
        'Give it a toolName of 1 to 64 letters (A-Z, a-z), digits, "_" or "-", or the agent a shorter name.',
      );
    }
    const other = taken.get(name);
    if (other !== undefined) {
      throw invalid(
        `Agent "${agent.name}" has two handoffs named ${name}: to "${other}" and to "${handoff.agent.name}".`,
        'Give one of them another toolName, or remove it.',
      );
    }
    taken.set(name, handoff.agent.name);
  }
}

function invalid(message: string, hint: string): VoxtermError {
  return new VoxtermError(message, { code: 'agent.invalid', exitCode: ExitCode.configuration, hint });
}
