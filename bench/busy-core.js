import { spawn } from 'node:child_process';

/** Keeps one core busy at ordinary priority, as a compiler would, until the returned function is called. */
export function keepOneCoreBusy() {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  return () => child.kill('SIGKILL');
}
