import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { audioFailure, readFailure } from './audio-failure.js';

/** The bytes of a recording as they arrive, from a file or a pipe. */
export interface ByteSource {
  /** Its name in messages: the path as the user wrote it, or `standard input`. */
  readonly name: string;
  /** The file itself, for decoders that read it on their own; absent for pipes. */
  readonly path?: string | undefined;
  /** Known for regular files only. */
  readonly totalBytes?: number | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a path, or standard input for `-`.
 * @throws VoxtermError exit 2 when it is missing, a directory, empty, not readable, or a terminal.
 */
export async function openByteSource(source: string, stdin: Readable = process.stdin): Promise<ByteSource> {
  return source === '-' ? fromStandardInput(stdin) : fromFile(source);
}

function fromStandardInput(stdin: Readable): ByteSource {
  const name = 'standard input';
  if ('isTTY' in stdin && stdin.isTTY === true) throw audioFailure.terminal();
  return {
    name,
    bytes: explained(stdin, name),
    close: async () => {
      stdin.destroy();
    },
  };
}

async function fromFile(path: string): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const opened = handle;
    const stats = await opened.stat();
    if (stats.isDirectory()) throw audioFailure.directory(path);
    if (stats.isFile() && stats.size === 0) throw audioFailure.empty(path);
    return {
      name: path,
      // A named pipe can be read only once, so it must not be opened a second time.
      path: stats.isFile() ? path : undefined,
      totalBytes: stats.isFile() ? stats.size : undefined,
      bytes: explained(opened.createReadStream({ autoClose: false }), path),
      close: () => opened.close(),
    };
  } catch (error) {
    await handle?.close();
    throw readFailure(error, path);
  }
}

async function* explained(bytes: Readable, name: string): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of bytes) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    throw readFailure(error, name);
  }
}
