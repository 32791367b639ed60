import type { Io } from '../../../src/config/settings.js';

/** Streams that keep what is written. */
export function memoryIo(
  env: Readonly<Record<string, string>> = {},
  isTTY = false,
): {
  io: Io;
  written: Record<'stdout' | 'stderr', string>;
} {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written): NodeJS.WriteStream =>
    Object.create(process[name], {
      isTTY: { value: isTTY },
      write: {
        value: (text: string) => {
          written[name] += text;
          return true;
        },
      },
    });
  const io = { stdin: process.stdin, stdout: stream('stdout'), stderr: stream('stderr'), env };
  return { io, written };
}
