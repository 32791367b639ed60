import { withinTimeLimit } from '../base/deadline.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Handoff, RunContext } from './agent.js';

/** The handoffs that are enabled now. @throws VoxtermError exit 3 for a condition that throws or takes too long. */
export async function enabledHandoffs(
  handoffs: readonly Handoff[],
  context: RunContext,
): Promise<readonly Handoff[]> {
  const enabled = await Promise.all(handoffs.map((handoff) => isEnabled(handoff, context)));
  return handoffs.filter((_, index) => enabled[index]);
}

async function isEnabled({ agent, enabled = true }: Handoff, context: RunContext): Promise<boolean> {
  if (typeof enabled === 'boolean') return enabled;
  const what = `"enabled" of the handoff to "${agent.name}"`;
  try {
    return await withinTimeLimit(what, () => enabled(context));
  } catch (cause) {
    if (cause instanceof VoxtermError) throw cause;
    const why = cause instanceof Error && cause.message !== '' ? cause.message : 'no reason was given';
    throw new VoxtermError(`${what} failed: ${why}`, {
      code: 'agent.invalid',
      exitCode: ExitCode.configuration,
      hint: 'It must return true or false, or a promise of one of them.',
      cause,
    });
  }
}
