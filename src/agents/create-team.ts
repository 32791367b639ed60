import { withinTimeLimit } from '../base/deadline.js';
import type { ToolOutcome } from '../contract/inputs.js';
import type { SessionSettings } from '../contract/settings.js';
import { failed } from '../tools/calls/failure-outcome.js';
import type { McpServerEvent, McpServerOptions } from '../tools/mcp/mcp-server.js';
import { createToolRunner, type ToolRunnerOptions } from '../tools/registry.js';
import type { Tool, ToolContext, ToolRunner } from '../tools/tool.js';
import { ToolError } from '../tools/tool-error.js';
import type { Agent, Handoff, Instructions, RunContext } from './agent.js';
import { type AgentGraph, checkGuardrails, readGraph } from './graph.js';
import type { OutputGuardrail } from './guardrail.js';
import { resolveInstructions } from './instructions.js';
import { openHandoffs } from './open-handoffs.js';
import { Relay } from './relay.js';
import { type McpServersFactory, ServerPool } from './server-pool.js';
import type { Persona, Team } from './team.js';
import { transferTool } from './transfer.js';
import { unionOfTools } from './union.js';

export interface TeamOptions {
  /** Who has the first word. Everybody it can hand over to belongs to the team. */
  readonly agent: Agent;
  /** For all agents: what the model is told beside their words. Its voice is for agents without one. */
  readonly settings?: Omit<SessionSettings, 'tools' | 'instructions'> | undefined;
  /** For agents without instructions. */
  readonly instructions?: Instructions | undefined;
  /** For all agents, beside their own. */
  readonly tools?: readonly Tool[] | undefined;
  readonly mcpServers?: readonly McpServerOptions[] | undefined;
  readonly outputGuardrails?: readonly OutputGuardrail[] | undefined;
  /** Whom every agent may hand over to, beside its own handoffs. */
  readonly handoffs?: Agent['handoffs'];
  /** For the tools of all agents; its `context` and `language` are what instructions and callbacks see, too. */
  readonly toolOptions: ToolRunnerOptions;
  /** Values for `{{name}}` in instructions. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Connects to MCP servers; needed where there are any. */
  readonly createMcpServers?: McpServersFactory | undefined;
  /** For `{{date}}` and `{{time}}`. Default: the clock of this machine. */
  readonly today?: (() => Date) | undefined;
}

/**
 * The agents of one session.
 * @throws VoxtermError exit 3 for names that are none or not unique, handoffs no model could call, and tools that are none
 * or share a name; of all agents, before the first word.
 */
export function createTeam(options: TeamOptions): Team {
  return new AgentTeam(options);
}

/** An agent that is ready to take over. */
interface Ready {
  readonly agent: Agent;
  readonly persona: Persona;
  readonly runner: ToolRunner;
  readonly ways: readonly Handoff[];
  /** How often servers had changed their tools when these were asked for. */
  readonly changes: number;
}

const ownTools = 'the session';
/** Agents that send the user to each other may do so this often before he has said a word. */
const mostHandovers = 10;

class AgentTeam implements Team {
  onChanged: Team['onChanged'];
  current: Agent;
  readonly tools: Relay;
  private graph: AgentGraph;
  private readonly pool: ServerPool;
  /** Agents that are about to take over, by the call that made them. */
  private readonly prepared = new Map<string, Ready & { readonly from: Agent }>();
  /** The handover that is on its way; the next has to wait until its outcome is known. */
  private transfer: { readonly callId: string; readonly to: string } | undefined;
  private ready: Ready | undefined;
  private serverListener: Team['onServer'];
  private unheard: McpServerEvent[] = [];
  private changes = 0;
  /** Of the model, since the user said something. */
  private handovers = 0;
  private refreshing: Promise<void> = Promise.resolve();

  constructor(private readonly options: TeamOptions) {
    this.current = options.agent;
    checkGuardrails(options.outputGuardrails, ownTools);
    this.pool = new ServerPool(options.createMcpServers);
    this.pool.onEvent = (event) => this.tellServer(event);
    this.pool.onToolsChanged = (server) => {
      this.changes += 1;
      this.refreshLater(server);
    };
    this.tools = new Relay((callId, outcome) => this.settle(callId, outcome));
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
    return this.serverListener;
  }

  set onServer(listener: Team['onServer']) {
    this.serverListener = listener;
    const missed = this.unheard;
    this.unheard = [];
    for (const event of missed) listener?.(event);
  }

  async start(): Promise<Persona> {
    // What a text or file lacks is better known now than in the middle of the talk.
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
    this.handovers = 0;
  }

  async close(): Promise<void> {
    this.onChanged = undefined;
    this.tools.close();
    await this.pool.close();
  }

  private read(start: Agent, replaces: boolean): AgentGraph {
    const graph = readGraph({ start, handoffs: this.options.handoffs, replaces });
    for (const [agent, ways] of graph) {
      this.pool.register(agent.mcpServers ?? [], `agent "${agent.name}"`);
      this.runner(agent, [], ways);
    }
    return graph;
  }

  private async prepare(agent: Agent, graph: AgentGraph = this.graph): Promise<Ready> {
    const context = this.contextOf(agent);
    const { changes } = this;
    const [instructions, served, ways] = await Promise.all([
      this.words(agent),
      this.pool.tools(this.serversOf(agent)),
      openHandoffs(graph.get(agent) ?? [], context),
    ]);
    const { settings = {} } = this.options;
    const voice = agent.voice ?? settings.voice;
    return {
      agent,
      ways,
      changes,
      runner: this.runner(agent, served, ways),
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

  private takeOver(ready: Ready): Persona {
    this.ready = ready;
    this.current = ready.agent;
    this.tools.use(ready.runner);
    // A server has changed its tools while this agent was getting ready.
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

  private runner(agent: Agent, served: readonly Tool[], ways: readonly Handoff[]): ToolRunner {
    const origin = `agent "${agent.name}"`;
    const tools = unionOfTools([
      { origin: ownTools, tools: this.options.tools ?? [] },
      { origin, tools: agent.tools ?? [] },
      { origin: 'an MCP server', tools: served },
      {
        origin: `the handoffs of ${origin}`,
        tools: ways.map((way) =>
          transferTool(way, (chosen, input, call) => this.handOver(agent, chosen, input, call)),
        ),
      },
    ]);
    return createToolRunner(tools, this.options.toolOptions);
  }

  /** The call of a transfer tool. It takes effect with its outcome, unless it is cancelled before. */
  private async handOver(from: Agent, way: Handoff, input: unknown, call: ToolContext): Promise<void> {
    const { callId, signal } = call;
    if (this.transfer !== undefined || this.current.name !== from.name) {
      throw new ToolError(...late(this.transfer?.to ?? this.current.name));
    }
    if (this.handovers >= mostHandovers) throw new ToolError('handoff.circle', inCircles);
    this.transfer = { callId, to: way.agent.name };
    const { onHandoff } = way;
    if (onHandoff !== undefined) {
      await withinTimeLimit(`onHandoff to ${way.agent.name}`, () => onHandoff(input, this.contextOf(from)));
    }
    signal.throwIfAborted();
    const ready = await this.prepare(way.agent);
    signal.throwIfAborted();
    this.prepared.set(callId, { ...ready, from });
  }

  private settle(callId: string, outcome: ToolOutcome): ToolOutcome {
    if (this.transfer?.callId === callId) this.transfer = undefined;
    const ready = this.prepared.get(callId);
    this.prepared.delete(callId);
    if (ready === undefined || outcome.kind !== 'finished') return outcome;
    // The program was quicker.
    if (this.current.name !== ready.from.name) return failed(...late(this.current.name), outcome.durationMs);
    this.handovers += 1;
    this.takeOver(ready);
    const settings = { ...ready.persona.settings, tools: this.tools.specs };
    return { ...outcome, handoff: { from: ready.from.name, to: ready.agent.name, settings } };
  }

  /** One after the other, so that the last word of a server is also the last one heard. */
  private refreshLater(server: string): void {
    this.refreshing = this.refreshing.then(() => this.refresh(server));
  }

  /** A server offers other tools than before. */
  private async refresh(server: string): Promise<void> {
    const { ready } = this;
    if (ready === undefined || !this.serversOf(ready.agent).some(({ name }) => name === server)) return;
    try {
      const { changes } = this;
      const served = await this.pool.tools(this.serversOf(ready.agent));
      const runner = this.runner(ready.agent, served, ready.ways);
      if (this.ready !== ready) return; // another agent has taken over meanwhile
      this.takeOver({ ...ready, runner, changes });
      this.onChanged?.(ready.persona);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'its tools cannot be used';
      this.tellServer({ server, state: 'failed', tools: [], message });
    }
  }

  private tellServer(event: McpServerEvent): void {
    if (this.serverListener === undefined) this.unheard.push(event);
    else this.serverListener(event);
  }
}

const inCircles = `The conversation was handed over ${mostHandovers} times without a word of the user. Hand over no more: answer the user yourself.`;

function late(to: string): [code: string, message: string] {
  return [
    'handoff.late',
    `The conversation is handed over to ${to} already; there is one handover at a time.`,
  ];
}

function isFunction<Value>(value: Value): value is Extract<Value, (...args: never[]) => unknown> {
  return typeof value === 'function';
}
