import { closeSync, writeSync } from 'node:fs';
import { openPrivateFile } from '../../base/private-file.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { cleanJson } from '../../terminal/text/clean-text.js';

/** A log on disk: one JSON object with `at` (ISO time) and `message` per line. */
export interface LogFile {
  write(message: string): void;
  /** May be called twice. */
  close(): void;
}

/**
 * Appends to `path`. Every line is written at once, so that a crash loses none. Readable by its owner only.
 * @throws VoxtermError exit 2 when it cannot be opened.
 */
export function openLogFile(path: string): LogFile {
  let file: number | undefined = open(path);
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    write(message) {
      if (file === undefined) return;
      try {
        writeSync(file, `${cleanJson({ at: new Date().toISOString(), message })}\n`);
      } catch {
        close(); // a full disk must not end a conversation
      }
    },
    close,
  };
}

function open(path: string): number {
  try {
    return openPrivateFile(path, 'a');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new VoxtermError(`The log file ${path} cannot be written: ${why}`, {
      code: 'log.unwritable',
      exitCode: ExitCode.usage,
      hint: 'Name a file in a folder that exists and that you may write to (--log-file).',
      cause,
    });
  }
}
