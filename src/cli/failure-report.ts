import type { Io } from '../config/settings.js';
import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';

/** Tells on stderr what went wrong. Returns the exit code that says the same. */
export function reportFailure(error: unknown, { stderr }: Pick<Io, 'stderr'>, verbose: boolean): ExitCode {
  if (error instanceof VoxtermError) {
    for (const line of error.message.split('\n')) stderr.write(`error: ${line}\n`);
    if (error.hint !== undefined) stderr.write(`hint: ${error.hint}\n`);
    if (verbose && error.cause !== undefined) stderr.write(`cause: ${stackOf(error.cause)}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`error: This is a bug in voxterm: ${message}\n`);
  if (verbose) stderr.write(`${stackOf(error)}\n`);
  else stderr.write('hint: Run it again with --verbose to see where it happened, and report that.\n');
  return ExitCode.unexpected;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
