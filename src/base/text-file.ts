import { open } from 'node:fs/promises';
import type { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

/** More than enough for a file written by hand. */
const largestMegabytes = 1;

export interface TextFileFor {
  /** What kind of file it is, for messages: `configuration file`. */
  readonly what: string;
  readonly exitCode: ExitCode;
  /** Default 1. */
  readonly megabytes?: number | undefined;
}

/**
 * Reads a text file that a person wrote, without its byte order mark.
 * @throws VoxtermError when it is missing, not a regular file, unreadable, neither UTF-8 nor UTF-16, or too large.
 */
export async function readTextFile(
  path: string,
  { what, exitCode, megabytes = largestMegabytes }: TextFileFor,
): Promise<string> {
  const fail = (problem: string, hint: string, cause?: unknown) =>
    new VoxtermError(`The ${what} ${JSON.stringify(path)} ${problem}.`, {
      code: 'file.unreadable',
      exitCode,
      hint,
      cause,
    });
  let bytes: Uint8Array;
  try {
    bytes = await readLimited(path, megabytes * 1024 * 1024);
  } catch (error) {
    const [problem, hint] = words[codeOf(error)] ?? ['cannot be read', 'Check the file and its disk.'];
    throw fail(problem, hint, error);
  }
  if (bytes.length > megabytes * 1024 * 1024) {
    throw fail(`is larger than ${megabytes} MB`, `Check that it is a ${what}; those are much smaller.`);
  }
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded.text;
  throw fail(decoded.problem, saveAsUtf8);
}

export const saveAsUtf8 = 'Save it as UTF-8 in your editor.';

/** Text in UTF-8, or in UTF-16 with a byte order mark, which is left out; or what is wrong: "is not UTF-8 text (…)". */
export function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `is not UTF-8 text (line ${lineOfMistake(bytes)})` };
  }
}

/** Windows PowerShell 5 writes UTF-16 with `>`, and Notepad offers it as "Unicode". */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** The first line, from 1, that is not UTF-8. No character of UTF-8 contains the byte of a line feed. */
function lineOfMistake(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let line = 1, from = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    try {
      decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    from = end + 1;
  }
}

const words: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ENOENT: ['does not exist', 'Check the path.'],
  ENOTDIR: ['does not exist', 'Check the path: a part of it is a file, not a directory.'],
  EISDIR: ['is a directory', 'Name a file.'],
  EACCES: ['may not be read', 'Check its permissions.'],
  EPERM: ['may not be read', 'Check its permissions.'],
};

/** Reads at most one byte more than is allowed: a pipe or `/dev/zero` may never end. */
async function readLimited(path: string, largestBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(largestBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
