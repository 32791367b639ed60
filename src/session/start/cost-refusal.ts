import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Limits } from '../../contract/limits.js';
import type { PriceTable } from '../../contract/prices.js';
import type { Profile } from '../../contract/profile.js';

/**
 * Before anything is connected: a limit of cost that nobody could keep is worse than none.
 * @throws VoxtermError exit 3 where no price of the model is known, or its server counts no tokens.
 */
export function refuseUnknownCost(
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
