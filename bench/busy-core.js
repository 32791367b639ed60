import { spawn } from 'node:child_process';
import { cpus } from 'node:os';

/** Keeps one core busy at ordinary priority, as a compiler would, until the returned function is called. */
export function keepOneCoreBusy() {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  return () => child.kill('SIGKILL');
}

/**
 * Measures how many cores are busy from now on, with everything that runs on the machine; call the result to read it.
 */
export function watchCores() {
  const before = coreTimes();
  return () => {
    const after = coreTimes();
    const busy = after.busy - before.busy;
    return `${((busy * after.cores) / (busy + after.idle - before.idle)).toFixed(1)} of ${after.cores} cores busy`;
  };
}

function coreTimes() {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, core) => sum + core.idle, 0);
  const all = times.flatMap((core) => Object.values(core)).reduce((sum, time) => sum + time, 0);
  return { cores: times.length, idle, busy: all - idle };
}
