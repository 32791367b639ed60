import { dirname } from 'node:path';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { quoted, reason, systemCode } from './audio-failure.js';

/** The reason why `path` cannot be written: one sentence, exit code 2. A `VoxtermError` passes through. */
export function writeFailure(error: unknown, path: string): VoxtermError {
  if (error instanceof VoxtermError) return error;
  const target = quoted(path);
  const { code, message, hint } = explain(systemCode(error), path, target, error);
  return new VoxtermError(message, { code: `output.${code}`, exitCode: ExitCode.usage, hint, cause: error });
}

function explain(code: string | undefined, path: string, target: string, error: unknown) {
  const directory = quoted(dirname(path));
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'no-directory',
        message: `${target} cannot be created: there is no directory ${directory}.`,
        hint: 'Create the directory first, or choose another path.',
      };
    case 'EEXIST':
      return {
        code: 'is-file',
        message: `${target} is a file, so a directory cannot be created there.`,
        hint: 'Name a directory, or a path where one can be created.',
      };
    case 'EISDIR':
      return {
        code: 'is-directory',
        message: `${target} is a directory, so a file cannot be written there.`,
        hint: 'Name a file in it.',
      };
    case 'EROFS':
      return {
        code: 'denied',
        message: `${target} cannot be written: the file system is read-only.`,
        hint: 'Choose a path on another file system.',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'denied',
        message: `No permission to write ${target}: ${reason(error)}.`,
        hint: 'Choose a path you can write to, or change its permissions.',
      };
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return {
        code: 'disk-full',
        message: `${target} cannot be written any further: ${reason(error)}.`,
        hint: 'What was written so far is usable. Free some space, or choose another path.',
      };
    case 'EPIPE':
    case 'ERR_STREAM_DESTROYED':
      return {
        code: 'closed',
        message: `The program that reads ${target} has gone away.`,
        hint: 'Check the command after the pipe.',
      };
    default:
      return {
        code: 'failed',
        message: `${target} cannot be written: ${reason(error)}.`,
        hint: 'Check the path and the disk it is on.',
      };
  }
}
