import { type Agent, type Handoff, handoff } from '../../agents/agent.js';
import { bannedTerms, matches } from '../../agents/built-in-guardrails.js';
import { createTeam } from '../../agents/create-team.js';
import type { OutputGuardrail } from '../../agents/guardrail.js';
import type { Team } from '../../agents/team.js';
import { nearestName } from '../../base/nearest-name.js';
import type { AgentConfig, GuardrailConfig } from '../../config/agent-schema.js';
import type { Settings } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { secretVariables } from '../../providers/secret-variables.js';
import { Approvals } from '../../tools/approval/approvals.js';
import type { McpServerOptions } from '../../tools/mcp/mcp-server.js';
import { configuredServers, connectServers } from './configured-servers.js';
import { configuredTools } from './configured-tools.js';

export interface ConfiguredTeamOptions {
  /** Whether there is a user who can be asked if a tool may run. */
  readonly asks: boolean;
  /** The agent that last had the earlier conversation that is continued. */
  readonly earlierAgent?: string | undefined;
  readonly projectServers?: readonly McpServerOptions[] | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** The name of the agent if no agents are configured. */
const soleAgent = 'assistant';

/** The name of the first agent; undefined if there are no agents. */
export function firstAgent({ team }: Settings, earlier: string | undefined): string | undefined {
  const continues = earlier !== undefined && !team.startNamed && Object.hasOwn(team.agents, earlier);
  return continues ? earlier : team.start;
}

/**
 * The agents of the configuration, with their tools, servers and guardrails.
 * @throws VoxtermError exit 3 for an invalid agent, before anything is connected.
 */
export async function createConfiguredTeam(
  settings: Settings,
  options: ConfiguredTeamOptions,
): Promise<Team> {
  const { team, env, language, session, toolTimeoutMs } = settings;
  const { instructions, ...shared } = session;
  const servers = await configuredServers(settings, options.projectServers);
  const agents = await describedAgents(settings, servers);
  const owned = new Set(Object.values(team.agents).flatMap(({ mcpServers = [] }) => mcpServers));
  return createTeam({
    agent: agents.get(firstAgent(settings, options.earlierAgent) ?? '') ?? { name: soleAgent },
    settings: shared,
    instructions,
    tools: await configuredTools(settings.tools, settings),
    mcpServers: servers.filter(({ name }) => !owned.has(name)),
    outputGuardrails: team.guardrails.map(guardrailOf),
    toolOptions: {
      timeoutMs: toolTimeoutMs,
      language,
      env,
      secretVariables: secretVariables(undefined, settings.options),
      approvals: new Approvals(team.allowTools),
      approvalRules: team.approvals,
      asksSomebody: options.asks,
    },
    variables: team.variables,
    createMcpServers: (wanted) => connectServers(wanted, settings, options.log),
  });
}

async function describedAgents(
  settings: Settings,
  servers: readonly McpServerOptions[],
): Promise<ReadonlyMap<string, Agent>> {
  const agents = new Map<string, Agent>();
  for (const [name, config] of Object.entries(settings.team.agents)) {
    const { instructions, voice, handoffs = [], handoffDescription, guardrails = [] } = config;
    agents.set(name, {
      name,
      instructions,
      voice,
      handoffDescription,
      tools: await configuredTools(config.tools ?? [], settings),
      mcpServers: serversOf(name, config, servers),
      outputGuardrails: guardrails.map(guardrailOf),
      // Agents may name each other, so this is resolved when all of them exist.
      ...(handoffs.length > 0 && {
        handoffs: () => handoffs.flatMap((entry) => handoffOf(entry, agents)),
      }),
    });
  }
  return agents;
}

function handoffOf(
  entry: NonNullable<AgentConfig['handoffs']>[number],
  agents: ReadonlyMap<string, Agent>,
): (Agent | Handoff)[] {
  const to = agents.get(typeof entry === 'string' ? entry : entry.agent);
  if (to === undefined || typeof entry === 'string') return to === undefined ? [] : [to];
  const { toolName, toolDescription } = entry;
  return [handoff(to, { toolName, toolDescription })];
}

function serversOf(
  agent: string,
  { mcpServers = [] }: AgentConfig,
  servers: readonly McpServerOptions[],
): McpServerOptions[] {
  return mcpServers.map((wanted) => {
    const found = servers.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    const names = servers.map(({ name }) => name);
    const nearest = nearestName(wanted, names);
    const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
    throw new VoxtermError(
      `Agent "${agent}" wants the MCP server ${JSON.stringify(wanted)}, which is not there.`,
      {
        code: 'config.invalid',
        exitCode: ExitCode.configuration,
        hint: `${meant}Servers: ${names.length === 0 ? 'none' : names.join(', ')}. They stand in "mcpServers" or --mcp-config.`,
      },
    );
  });
}

function guardrailOf({ name, terms, pattern, flags, feedback }: GuardrailConfig): OutputGuardrail {
  return pattern === undefined
    ? bannedTerms(name, terms ?? [], { feedback })
    : matches(name, [new RegExp(pattern, flags)], { feedback });
}
