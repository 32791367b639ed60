import { withinTimeLimit } from '../base/deadline.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Handoff, RunContext } from './agent.js';

/**
 * Those that are enabled now.
 * @throws VoxtermError exit 3 for a condition that throws or is late.
 */
export async function openHandoffs(
  ways: readonly Handoff[],
  context: RunContext,
): Promise<readonly Handoff[]> {
  const open = await Promise.all(ways.map((way) => isOpen(way, context)));
  return ways.filter((_, index) => open[index]);
}

async function isOpen({ agent, enabled = true }: Handoff, context: RunContext): Promise<boolean> {
  if (typeof enabled === 'boolean') return enabled;
  const what = `"enabled" of the handoff to "${agent.name}"`;
  try {
    return await withinTimeLimit(what, () => enabled(context));
  } catch (cause) {
    if (cause instanceof VoxtermError) throw cause;
    const why = cause instanceof Error && cause.message !== '' ? cause.message : 'it does not say why';
    throw new VoxtermError(`${what} failed: ${why}`, {
      code: 'agent.invalid',
      exitCode: ExitCode.configuration,
      hint: 'It returns true or false, or a promise of one of them.',
      cause,
    });
  }
}
