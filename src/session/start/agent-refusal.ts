import type { Agent } from '../../agents/agent.js';
import type { Team } from '../../agents/team.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';

/**
 * An agent that cannot do its work with this model is refused before the first word. What the session brings along for all
 * agents is not asked here: it may be of use or not.
 * @throws VoxtermError exit 5 that names the agent, what it needs, and the model.
 */
export function refuseAgents({ tools, model, provider }: Profile, team: Team | undefined): void {
  if (tools || team === undefined) return;
  for (const agent of team.agents) {
    const need = needOf(agent, team);
    if (need === undefined) continue;
    throw new VoxtermError(
      `Agent "${agent.name}" needs ${need}, and ${model} (${provider}) calls no tools.`,
      {
        code: 'agent.unsupported',
        exitCode: ExitCode.refused,
        hint: 'Choose a model that calls tools, or give the agent none.',
        facts: { agent: agent.name, model, provider },
      },
    );
  }
}

function needOf({ name, tools = [], mcpServers = [] }: Agent, { agents }: Team): string | undefined {
  if (tools.length > 0) return `its tools (${tools.map((tool) => tool.name).join(', ')})`;
  if (mcpServers.length > 0) return `its MCP servers (${mcpServers.map((server) => server.name).join(', ')})`;
  if (agents.length < 2) return undefined;
  const others = agents.filter((agent) => agent.name !== name).map((agent) => agent.name);
  return `to hand over to ${others.join(', ')}`;
}
