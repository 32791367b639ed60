import type { Agent } from '../../agents/agent.js';
import type { Team } from '../../agents/team.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { defaultTextLength, type Limits } from '../../contract/limits.js';
import type { PriceTable } from '../../contract/prices.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { turnKeeper } from '../../contract/turn-keeper.js';
import { catalog } from '../../providers/catalog.js';
import type { VendorOptions } from '../../providers/vendor-options.js';

/**
 * Refuses options that the provider does not have, because they would have no effect. Providers outside the catalog
 * accept any option.
 * @throws VoxtermError exit 3 that names them.
 */
export function checkOptions(provider: string, options: VendorOptions = {}): void {
  const entry = catalog.find(({ id }) => id === provider);
  if (entry === undefined) return;
  const known: readonly string[] = entry.options;
  const unknown = Object.entries(options).flatMap(([name, value]) =>
    value === undefined || known.includes(name) ? [] : [name],
  );
  if (unknown.length === 0) return;
  throw new VoxtermError(`The provider ${provider} has no option ${unknown.join(', ')}.`, {
    code: 'options.unknown',
    exitCode: ExitCode.configuration,
    hint: known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`,
  });
}

/**
 * Checks, before anything is connected, whether the turns can be ended as requested.
 * @throws VoxtermError with this exit code if the provider does not let the client end turns.
 */
export function checkTurns(
  profile: Profile,
  settings: SessionSettings,
  exitCode: ExitCode = ExitCode.configuration,
): void {
  const keeper = turnKeeper(profile, settings);
  if (keeper === 'provider' || profile.clientTurns) return;
  const how = keeper === 'client' ? 'our own detector' : 'hand';
  throw new VoxtermError(`${profile.model} ends turns by itself; they cannot be ended by ${how}.`, {
    code: 'turns.unsupported',
    exitCode,
    hint: 'Leave out the turn detection, and just speak.',
    facts: { model: profile.model, turnDetection: keeper === 'client' ? 'client' : 'none' },
  });
}

/**
 * Refuses an agent that cannot work with this model. Tools of the session, which are for all agents, are not checked:
 * an agent may do without them.
 * @throws VoxtermError exit 5 that names the agent, what it needs, and the model.
 */
export function checkAgents({ tools, model, provider }: Profile, team: Team | undefined): void {
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

/**
 * Refuses limits that limit nothing, or everything.
 * @throws VoxtermError exit 2.
 */
export function checkLimits(limits: Limits | undefined): void {
  for (const [name, value] of Object.entries(limits ?? {})) {
    const counts = name !== 'maxCost' && name !== 'maxDurationMs';
    const most = name === 'maxTextLength' ? defaultTextLength : Number.MAX_VALUE;
    const valid = typeof value === 'number' && value > 0 && (!counts || Number.isSafeInteger(value));
    if (value === undefined || (valid && value <= most)) continue;
    throw new VoxtermError(`\`limits.${name}\` is ${String(value)}.`, {
      code: 'usage.limits',
      exitCode: ExitCode.usage,
      hint: `Allowed: a ${counts ? 'whole ' : ''}number above 0${name === 'maxTextLength' ? `, at most ${most}` : ''}. Leave it out for the usual limit, if there is one.`,
    });
  }
}

/**
 * Refuses a cost limit that cannot be enforced, before anything is connected.
 * @throws VoxtermError exit 3 if the price of the model is unknown, or its server does not report tokens.
 */
export function checkCostLimit(
  { model, provider, usage }: Profile,
  limits: Limits | undefined,
  prices: PriceTable | undefined,
): void {
  if (limits?.maxCost === undefined) return;
  if (usage === 'none') {
    throw new VoxtermError(
      `A session with ${model} cannot be limited by cost: ${provider} counts no tokens.`,
      {
        code: 'cost.uncounted',
        exitCode: ExitCode.configuration,
        hint: 'Limit its turns or its duration.',
        facts: { model, provider },
      },
    );
  }
  if (prices !== undefined) return;
  throw new VoxtermError(`A session with ${model} cannot be limited by cost: no price of it is known.`, {
    code: 'cost.unknown',
    exitCode: ExitCode.configuration,
    hint: `Add the prices of ${model} to "prices", or limit the turns or the duration of the session.`,
    facts: { model, provider },
  });
}
