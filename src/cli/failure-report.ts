import type { Io } from '../config/settings.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { cleanText } from '../terminal/text/clean-text.js';
import { problemText } from '../terminal/text/problem-text.js';
import { adviceOn } from './advice.js';
import { systemFailure } from './system-failure.js';

/** Reports on stderr what went wrong. Returns the matching exit code. */
export function reportFailure(reported: unknown, { stderr }: Pick<Io, 'stderr'>, verbose: boolean): ExitCode {
  const error = systemFailure(reported) ?? reported;
  if (error instanceof VoxtermError) {
    stderr.write(problemText(error.message, adviceOn(error)));
    if (verbose && error.cause !== undefined) stderr.write(`cause: ${stackOf(error.cause)}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = verbose ? undefined : 'Run it again with --verbose to see where it happened, and report that.';
  stderr.write(problemText(`This is a bug in voxterm: ${message}`, hint));
  if (verbose) stderr.write(`${stackOf(error)}\n`);
  return ExitCode.unexpected;
}

function stackOf(error: unknown): string {
  return cleanText(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
