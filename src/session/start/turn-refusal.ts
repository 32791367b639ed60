import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { turnKeeper } from '../../contract/turn-keeper.js';

/**
 * Before anything is connected: can the turns be ended the way it is asked for?
 * @throws VoxtermError with this exit code where the provider takes no ends of turns from us.
 */
export function refuseTurns(
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
