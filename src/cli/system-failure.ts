import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

/**
 * What the system refuses to every program, wherever it is noticed: a directory that is gone, a limit that is reached.
 * Undefined for other errors.
 */
export function systemFailure(error: unknown): VoxtermError | undefined {
  const known = error instanceof Error && 'code' in error ? wordsFor(error.code, error) : undefined;
  if (known === undefined) return undefined;
  const { code, message, hint } = known;
  return new VoxtermError(message, { code, exitCode: ExitCode.configuration, hint, cause: error });
}

function wordsFor(code: unknown, error: Error) {
  switch (code) {
    case 'ENOENT':
      // Node names the system call here only.
      if (!('syscall' in error) || error.syscall !== 'uv_cwd') return undefined;
      return {
        code: 'system.directory',
        message: 'The current directory does not exist any more.',
        hint: 'Change to another one, for instance with "cd", and start again.',
      };
    case 'EMFILE':
      return {
        code: 'system.descriptors',
        message: 'This process may not open more files (EMFILE).',
        hint: 'Allow it more: "ulimit -n 1024" in the shell that starts it, or LimitNOFILE= of its service.',
      };
    case 'ENFILE':
      return {
        code: 'system.descriptors',
        message: 'This machine cannot open more files (ENFILE).',
        hint: 'End programs that hold many files open, or raise the limit of the system.',
      };
    default:
      return undefined;
  }
}
