import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Agent, Handoff } from './agent.js';
import type { OutputGuardrail } from './guardrail.js';

/** Every agent that can come to have the conversation, and whom each may hand over to. */
export type AgentGraph = ReadonlyMap<Agent, readonly Handoff[]>;

export interface GraphOptions {
  readonly start: Agent;
  /** Whom every agent may hand over to. */
  readonly handoffs?: Agent['handoffs'];
  /** `start` takes the place of another agent of its name. */
  readonly replaces?: boolean | undefined;
}

const longestName = 64;

/** @throws VoxtermError exit 3 for names that are none, that two agents share, or that no model could call. */
export function readGraph({ start, handoffs, replaces = false }: GraphOptions): AgentGraph {
  const graph = new Map<Agent, readonly Handoff[]>();
  const names = new Map<string, Agent>();
  const everybodys = listOf(handoffs);
  const waiting = [start];
  for (let agent = waiting.shift(); agent !== undefined; agent = waiting.shift()) {
    if (graph.has(agent)) continue;
    checkAgent(agent);
    const namesake = names.get(agent.name);
    if (namesake !== undefined) {
      if (replaces && namesake === start) continue;
      throw invalid(
        `Two agents are named "${agent.name}".`,
        'Rename one of them: events and handoffs call an agent by its name.',
      );
    }
    names.set(agent.name, agent);
    const ways = waysFrom(agent, everybodys, replaces ? start : undefined);
    graph.set(agent, ways);
    waiting.push(...ways.map((way) => way.agent));
  }
  for (const [agent, ways] of graph) checkWays(agent, ways);
  return graph;
}

/** What the model calls to hand over. */
export function transferName({ agent, toolName }: Handoff): string {
  return toolName ?? `transfer_to_${agent.name.replace(/[^A-Za-z0-9_-]/g, '_')}`;
}

function waysFrom(
  agent: Agent,
  everybodys: readonly Handoff[],
  replacement: Agent | undefined,
): readonly Handoff[] {
  const own = listOf(agent.handoffs).map((way) =>
    replacement !== undefined && way.agent.name === replacement.name ? { ...way, agent: replacement } : way,
  );
  const taken = new Set(own.map((way) => way.agent));
  // An agent's own way to another says more than everybody's.
  return [...own, ...everybodys.filter((way) => way.agent !== agent && !taken.has(way.agent))];
}

function listOf(handoffs: Agent['handoffs']): readonly Handoff[] {
  const list = typeof handoffs === 'function' ? handoffs() : (handoffs ?? []);
  return list.map((way) =>
    typeof way === 'object' && way !== null && 'agent' in way ? way : { agent: way },
  );
}

/** Programs without types give anything. */
function checkAgent(agent: Agent): void {
  if (typeof agent !== 'object' || agent === null) {
    throw invalid(
      `An agent is ${agent === null ? 'null' : `a value of type ${typeof agent}`}.`,
      'An agent is an object with a name; in handoffs, a function is needed where agents name each other.',
    );
  }
  checkName(agent.name);
  checkGuardrails(agent.outputGuardrails, `agent "${agent.name}"`);
}

/** @throws VoxtermError exit 3 for a guardrail that could never check anything. */
export function checkGuardrails(guardrails: readonly OutputGuardrail[] | undefined, origin: string): void {
  for (const guardrail of guardrails ?? []) {
    if (typeof guardrail?.name === 'string' && typeof guardrail.check === 'function') continue;
    throw new VoxtermError(`An output guardrail of ${origin} is none.`, {
      code: 'guardrail.invalid',
      exitCode: ExitCode.configuration,
      hint: 'A guardrail is { name, check }, and may have debounceCharacters.',
    });
  }
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && name.trim() !== '' && name.length <= longestName && !/\p{Cc}/u.test(name))
    return;
  const given = typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : `of type ${typeof name}`;
  throw invalid(`An agent's name is ${given}.`, `A name is 1 to ${longestName} characters.`);
}

function checkWays(agent: Agent, ways: readonly Handoff[]): void {
  const taken = new Map<string, string>();
  for (const way of ways) {
    const name = transferName(way);
    const from = `the handoff from "${agent.name}" to "${way.agent.name}"`;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw invalid(
        `${from.replace(/^t/, 'T')} would be a tool named "${name}", which no model can call.`,
        'Give it a toolName of 1 to 64 letters (A-Z, a-z), digits, "_" or "-", or the agent a shorter name.',
      );
    }
    const other = taken.get(name);
    if (other !== undefined) {
      throw invalid(
        `Agent "${agent.name}" has two handoffs named ${name}: to "${other}" and to "${way.agent.name}".`,
        'Give one of them another toolName, or leave it out.',
      );
    }
    taken.set(name, way.agent.name);
  }
}

function invalid(message: string, hint: string): VoxtermError {
  return new VoxtermError(message, { code: 'agent.invalid', exitCode: ExitCode.configuration, hint });
}
