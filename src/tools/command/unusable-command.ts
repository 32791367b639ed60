import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';

/** Why a configured program cannot be a tool; found before the session begins. */
export function unusable(tool: string, what: string, hint: string, facts?: Facts): VoxtermError {
  return new VoxtermError(`The command tool "${tool}" cannot be used: ${what}.`, {
    code: 'tool.command',
    exitCode: ExitCode.configuration,
    hint,
    facts,
  });
}
