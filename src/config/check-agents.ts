import { nearestName } from '../base/nearest-name.js';
import { VoxtermError } from '../contract/failure.js';
import type { AgentConfig, GuardrailConfig } from './agent-schema.js';
import type { Origin, Path } from './layer.js';
import type { Config } from './schema.js';

/**
 * Checks on agents, guardrails and limits that a schema cannot express.
 * @throws VoxtermError naming the place of the first inconsistency.
 */
export function checkAgents(config: Config, origin: Origin): void {
  checkGuardrails(config.guardrails, ['guardrails'], origin);
  for (const [name, agent] of Object.entries(config.agents ?? {})) {
    const at = ['agents', name];
    checkGuardrails(agent.guardrails, [...at, 'guardrails'], origin);
    checkHandoffs(agent.handoffs, Object.keys(config.agents ?? {}), [...at, 'handoffs'], origin);
  }
  const { historyLimit } = config;
  if (
    historyLimit !== undefined &&
    (historyLimit.turns === undefined) === (historyLimit.tokens === undefined)
  )
    throw wrong(
      origin,
      ['historyLimit'],
      'needs either "turns" or "tokens"',
      'Write {"turns": 20} or {"tokens": 8000}.',
    );
}

/**
 * The name of the first agent; undefined if there are no agents.
 * @throws VoxtermError if no agent has that name.
 */
export function startAgent(
  { agents = {}, agent }: Pick<Config, 'agents' | 'agent'>,
  originOf: (path: Path) => Origin | undefined,
): string | undefined {
  const names = Object.keys(agents);
  if (agent === undefined || Object.hasOwn(agents, agent)) return agent ?? names[0];
  const origin = originOf(['agent']);
  if (origin === undefined) return undefined;
  const hint =
    names.length === 0
      ? 'There are none in the configuration: describe them under "agents" (docs/agents.md).'
      : nearest(agent, names, 'Agents');
  throw wrong(origin, ['agent'], `is ${JSON.stringify(agent)}, which is no agent`, hint);
}

function checkHandoffs(
  handoffs: AgentConfig['handoffs'] = [],
  names: readonly string[],
  at: Path,
  origin: Origin,
): void {
  for (const [index, handoff] of handoffs.entries()) {
    const to = typeof handoff === 'string' ? handoff : handoff.agent;
    if (names.includes(to)) continue;
    const path = typeof handoff === 'string' ? [...at, index] : [...at, index, 'agent'];
    throw wrong(origin, path, `is ${JSON.stringify(to)}, which is no agent`, nearest(to, names, 'Agents'));
  }
}

function checkGuardrails(guardrails: readonly GuardrailConfig[] = [], at: Path, origin: Origin): void {
  for (const [index, { terms, pattern, flags }] of guardrails.entries()) {
    const path = [...at, index];
    if ((terms === undefined) === (pattern === undefined)) {
      const hint = 'Write "terms": ["…"] for words, or "pattern": "…" for a regular expression.';
      throw wrong(origin, path, 'needs either "terms" or "pattern"', hint);
    }
    if (pattern === undefined) {
      if (flags === undefined) continue;
      throw wrong(origin, [...path, 'flags'], 'is for a "pattern"', 'Terms are found in any case.');
    }
    try {
      new RegExp(pattern, flags);
    } catch {
      const hint = 'Use JavaScript syntax, for example "\\\\bguarantee[ds]?\\\\b" with "flags": "i".';
      throw wrong(origin, [...path, 'pattern'], 'is not a regular expression', hint);
    }
  }
}

function nearest(given: string, known: readonly string[], label: string): string {
  const meant = nearestName(given, known);
  return `${meant === undefined ? '' : `Did you mean ${meant}? `}${label}: ${known.join(', ')}.`;
}

function wrong(origin: Origin, path: Path, problem: string, hint: string): VoxtermError {
  return new VoxtermError(`${origin.nameOf(path)} ${problem}.`, {
    code: 'config.invalid',
    exitCode: origin.exitCode,
    hint,
  });
}
