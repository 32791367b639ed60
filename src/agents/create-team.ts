import { withinTimeLimit } from '../base/deadline.js';
import type { ToolOutcome } from '../contract/inputs.js';
import type { SessionSettings } from '../contract/settings.js';
import { failed } from '../tools/calls/failure-outcome.js';
import type { Tool, ToolContext, ToolRunner } from '../tools/definition/tool.js';
import { ToolError } from '../tools/definition/tool-error.js';
import type { McpServerEvent, McpServerOptions } from '../tools/mcp/mcp-server.js';
import { createToolRunner, type ToolRunnerOptions } from '../tools/tool-runner.js';
import type { Agent, Handoff, Instructions, RunContext } from './agent.js';
import { type AgentGraph, checkGuardrails, readGraph } from './agent-graph.js';
import { enabledHandoffs } from './enabled-handoffs.js';
import type { OutputGuardrail } from './guardrail.js';
import { resolveInstructions } from './instructions.js';
import { McpServerPool, type McpServersFactory } from './mcp-server-pool.js';
import { mergeTools } from './merge-tools.js';
import type { Persona, Team } from './team.js';
import { ToolRouter } from './tool-router.js';
import { transferTool } from './transfer-tool.js';

export interface TeamOptions {
  /** The first agent. All agents it can hand over to belong to the team. */
  readonly agent: Agent;
  /** Settings of all agents. The voice is for agents without one. */
  readonly settings?: Omit<SessionSettings, 'tools' | 'instructions'> | undefined;
  /** For agents without instructions. */
  readonly instructions?: Instructions | undefined;
  /** For all agents, in addition to their own. */
  readonly tools?: readonly Tool[] | undefined;
  readonly mcpServers?: readonly McpServerOptions[] | undefined;
  readonly outputGuardrails?: readonly OutputGuardrail[] | undefined;
  /** For all agents, in addition to their own handoffs. */
  readonly handoffs?: Agent['handoffs'];
  /** For the tools of all agents; instructions and callbacks also get its `context` and `language`. */
  readonly toolOptions: ToolRunnerOptions;
  /** Values for `{{name}}` in instructions. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Connects to MCP servers; required when there are any. */
  readonly createMcpServers?: McpServersFactory | undefined;
  /** For `{{date}}` and `{{time}}`. Default: the clock of this machine. */
  readonly today?: (() => Date) | undefined;
}

/**
 * The agents of one session. @throws VoxtermError exit 3, for any of the agents, when a name is invalid or not unique,
 * a handoff has a name that no model could call, or a tool is invalid or shares its name.
 */
export function createTeam(options: TeamOptions): Team {
  return new AgentTeam(options);
}

/** An agent that is ready to take over. */
interface PreparedAgent {
  readonly agent: Agent;
  readonly persona: Persona;
  readonly runner: ToolRunner;
  readonly handoffs: readonly Handoff[];
  /** How often servers had changed their tools when these were fetched. */
  readonly changes: number;
}

const ownTools = 'the session';
/** How often agents may hand the user over to each other before the user says something. */
const maxHandoffs = 10;

class AgentTeam implements Team {
  onChanged: Team['onChanged'];
  current: Agent;
  readonly tools: ToolRouter;
  private graph: AgentGraph;
  private readonly pool: McpServerPool;
  /** Agents that are about to take over, by the call that prepared them. */
  private readonly prepared = new Map<string, PreparedAgent & { readonly from: Agent }>();
  /** The handoff in progress; no other may start until its outcome is known. */
  private transfer: { readonly callId: string; readonly to: string } | undefined;
  private ready: PreparedAgent | undefined;
  private mcpListener: Team['onServer'];
  private missedEvents: McpServerEvent[] = [];
  private changes = 0;
  /** Handoffs by the model since the user last said something. */
  private handoffCount = 0;
  private refreshing: Promise<void> = Promise.resolve();

  constructor(private readonly options: TeamOptions) {
    this.current = options.agent;
    checkGuardrails(options.outputGuardrails, ownTools);
    this.pool = new McpServerPool(options.createMcpServers);
    this.pool.onEvent = (event) => this.reportServer(event);
    this.pool.onToolsChanged = (server) => {
      this.changes += 1;
      this.refreshLater(server);
    };
    this.tools = new ToolRouter((callId, outcome) => this.settle(callId, outcome));
    this.pool.register(options.mcpServers ?? [], ownTools);
    this.graph = this.read(options.agent, false);
  }

  get agents(): readonly Agent[] {
    return [...this.graph.keys()];
  }

  get guardrails(): readonly OutputGuardrail[] {
    return [...new Set([...(this.options.outputGuardrails ?? []), ...(this.current.outputGuardrails ?? [])])];
  }

  get onServer(): Team['onServer'] {
    return this.mcpListener;
  }

  set onServer(listener: Team['onServer']) {
    this.mcpListener = listener;
    const missed = this.missedEvents;
    this.missedEvents = [];
    for (const event of missed) listener?.(event);
  }

  async start(): Promise<Persona> {
    // Report an unusable text or file now rather than in the middle of the conversation.
    await Promise.all(
      this.agents
        .filter((agent) => agent !== this.current && !isFunction(agent.instructions))
        .map((agent) => this.words(agent)),
    );
    return this.takeOver(await this.prepare(this.current));
  }

  async switchTo(agent: Agent): Promise<Persona & { readonly from: string }> {
    const graph = this.graph.has(agent) ? this.graph : this.read(agent, true);
    const ready = await this.prepare(agent, graph);
    const from = this.current.name;
    this.graph = graph;
    return { ...this.takeOver(ready), from };
  }

  userSpoke(): void {
    this.handoffCount = 0;
  }

  async close(): Promise<void> {
    this.onChanged = undefined;
    this.tools.close();
    await this.pool.close();
  }

  private read(start: Agent, replaces: boolean): AgentGraph {
    const graph = readGraph({ start, handoffs: this.options.handoffs, replaces });
    for (const [agent, handoffs] of graph) {
      this.pool.register(agent.mcpServers ?? [], `agent "${agent.name}"`);
      this.runner(agent, [], handoffs);
    }
    return graph;
  }

  private async prepare(agent: Agent, graph: AgentGraph = this.graph): Promise<PreparedAgent> {
    const context = this.contextOf(agent);
    const { changes } = this;
    const [instructions, served, handoffs] = await Promise.all([
      this.words(agent),
      this.pool.tools(this.serversOf(agent)),
      enabledHandoffs(graph.get(agent) ?? [], context),
    ]);
    const { settings = {} } = this.options;
    const voice = agent.voice ?? settings.voice;
    return {
      agent,
      handoffs,
      changes,
      runner: this.runner(agent, served, handoffs),
      persona: {
        agent: agent.name,
        settings: {
          ...settings,
          ...(instructions !== undefined && { instructions }),
          ...(voice !== undefined && { voice }),
        },
      },
    };
  }

  private takeOver(ready: PreparedAgent): Persona {
    this.ready = ready;
    this.current = ready.agent;
    this.tools.use(ready.agent.name, ready.runner);
    // A server changed its tools while this agent was being prepared.
    if (ready.changes !== this.changes) {
      for (const { name } of this.serversOf(ready.agent)) this.refreshLater(name);
    }
    return ready.persona;
  }

  private async words(agent: Agent): Promise<string | undefined> {
    const instructions = agent.instructions ?? this.options.instructions;
    if (instructions === undefined) return undefined;
    const { variables, today = () => new Date() } = this.options;
    return resolveInstructions(instructions, this.contextOf(agent), { variables, today: today() });
  }

  private contextOf(agent: Agent): RunContext {
    const { context, language } = this.options.toolOptions;
    return { context, agent: agent.name, language };
  }

  private serversOf({ mcpServers = [] }: Agent): readonly McpServerOptions[] {
    const all = [...(this.options.mcpServers ?? []), ...mcpServers];
    return [...new Map(all.map((server) => [server.name, server])).values()];
  }

  private runner(agent: Agent, served: readonly Tool[], handoffs: readonly Handoff[]): ToolRunner {
    const origin = `agent "${agent.name}"`;
    const tools = mergeTools([
      { origin: ownTools, tools: this.options.tools ?? [] },
      { origin, tools: agent.tools ?? [] },
      { origin: 'an MCP server', tools: served },
      {
        origin: `the handoffs of ${origin}`,
        tools: handoffs.map((handoff) =>
          transferTool(handoff, (chosen, input, call) => this.handOver(agent, chosen, input, call)),
        ),
      },
    ]);
    return createToolRunner(tools, this.options.toolOptions);
  }

  /** Runs a transfer tool. The handoff takes effect with the outcome of the call, unless that is cancelled first. */
  private async handOver(from: Agent, handoff: Handoff, input: unknown, call: ToolContext): Promise<void> {
    const { callId, signal } = call;
    if (this.transfer !== undefined || this.current.name !== from.name) {
      throw new ToolError(...late(this.transfer?.to ?? this.current.name));
    }
    if (this.handoffCount >= maxHandoffs) throw new ToolError('handoff.circle', inCircles);
    this.transfer = { callId, to: handoff.agent.name };
    const { onHandoff } = handoff;
    if (onHandoff !== undefined) {
      await withinTimeLimit(`onHandoff to ${handoff.agent.name}`, () =>
        onHandoff(input, this.contextOf(from)),
      );
    }
    signal.throwIfAborted();
    const ready = await this.prepare(handoff.agent);
    signal.throwIfAborted();
    this.prepared.set(callId, { ...ready, from });
  }

  private settle(callId: string, outcome: ToolOutcome): ToolOutcome {
    if (this.transfer?.callId === callId) this.transfer = undefined;
    const ready = this.prepared.get(callId);
    this.prepared.delete(callId);
    if (ready === undefined || outcome.kind !== 'finished') return outcome;
    // The program changed the agent in the meantime.
    if (this.current.name !== ready.from.name) return failed(...late(this.current.name), outcome.durationMs);
    this.handoffCount += 1;
    this.takeOver(ready);
    const settings = { ...ready.persona.settings, tools: this.tools.specs };
    return { ...outcome, handoff: { from: ready.from.name, to: ready.agent.name, settings } };
  }

  /** One after the other, so that a server's latest list is also the last one used. */
  private refreshLater(server: string): void {
    this.refreshing = this.refreshing.then(() => this.refresh(server));
  }

  /** A server has changed its tools. */
  private async refresh(server: string): Promise<void> {
    const { ready } = this;
    if (ready === undefined || !this.serversOf(ready.agent).some(({ name }) => name === server)) return;
    try {
      const { changes } = this;
      const served = await this.pool.tools(this.serversOf(ready.agent));
      const runner = this.runner(ready.agent, served, ready.handoffs);
      if (this.ready !== ready) return; // another agent has taken over meanwhile
      this.takeOver({ ...ready, runner, changes });
      this.onChanged?.(ready.persona);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'its tools cannot be used';
      this.reportServer({ server, state: 'failed', tools: [], message });
    }
  }

  private reportServer(event: McpServerEvent): void {
    if (this.mcpListener === undefined) this.missedEvents.push(event);
    else this.mcpListener(event);
  }
}

const inCircles = `The conversation was handed over ${maxHandoffs} times without a word from the user. Do not hand over again: answer the user yourself.`;

function late(to: string): [code: string, message: string] {
  return [
    'handoff.late',
    `The conversation is already being handed over to ${to}; only one handoff at a time is possible.`,
  ];
}

function isFunction<Value>(value: Value): value is Extract<Value, (...args: never[]) => unknown> {
  return typeof value === 'function';
}
