import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { forgetGroup, guardGroup } from './orphan-guard.js';
import { markedProcesses, type ProcessMark } from './process-mark.js';

/** How long a program may take to end after it was asked to. */
const politeMs = 1000;

/** What would be left behind if this process ended now. */
const alive = new Set<ProcessGroup>();
let watchesExit = false;

/**
 * A program and everything it has started. It must be spawned `detached`, with the mark in its environment: on Linux
 * what moved to another group (`setsid`) is found by it.
 */
export class ProcessGroup {
  private ending = false;

  constructor(
    private readonly child: ChildProcess,
    private readonly mark: ProcessMark,
  ) {
    alive.add(this);
    if (child.pid !== undefined && process.platform !== 'win32') guardGroup(child.pid);
    if (watchesExit) return;
    watchesExit = true;
    process.on('exit', () => {
      for (const group of alive) group.signal('SIGKILL');
    });
  }

  /** Asks all of them to end, and kills what is left after a second. May be called twice. */
  end(): void {
    // Once the group has ended, its number may be reused.
    if (this.ending) return;
    this.ending = true;
    if (!this.signal('SIGTERM')) {
      this.forget();
      return;
    }
    const timer = setTimeout(() => {
      this.signal('SIGKILL');
      this.forget();
    }, politeMs);
    timer.unref();
  }

  private forget(): void {
    alive.delete(this);
    if (this.child.pid !== undefined) forgetGroup(this.child.pid);
  }

  /** Returns whether a process is left. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): boolean {
    const { pid } = this.child;
    if (pid === undefined) return false;
    if (process.platform === 'win32') return this.endTree(pid);
    // The group first: what it starts meanwhile is found afterwards.
    const group = signalled(-pid, signal);
    const strays = markedProcesses(this.mark).map((id) => signalled(id, signal));
    return group || strays.includes(true);
  }

  /** Windows has no process groups, and cannot ask a program without a window to end. */
  private endTree(pid: number): boolean {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return false;
    const taskkill = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe');
    spawn(taskkill, ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => this.child.kill(),
    );
    return false;
  }
}

/** Returns whether there was such a process or group. */
function signalled(id: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    return process.kill(id, signal);
  } catch {
    return false;
  }
}
