import { type ChildProcess, spawn } from 'node:child_process';
import { ProcessGroup } from '../processes/process-group.js';
import { newProcessMark } from '../processes/process-mark.js';

export interface CommandRun {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Text for its standard input; empty when absent. */
  readonly stdin: string | undefined;
  /** Limit of its standard output; a program that writes more is stopped. */
  readonly maxOutputBytes: number;
  /** Stops the program and everything it has started. */
  readonly signal: AbortSignal;
}

export interface CommandResult {
  /** `exit code 1`, `signal SIGSEGV`; undefined when it succeeded or was stopped for its output. */
  readonly trouble: string | undefined;
  readonly stdout: Buffer;
  /** The end of its standard error. */
  readonly stderr: Buffer;
  /** It wrote more than the limit. */
  readonly tooMuch: boolean;
}

const stderrBytes = 2048;
/** Output may still arrive after the program has ended; a process it started may keep the pipe open forever. */
const lingeringMs = 200;

/**
 * Runs a program to its end. Rejects with the system's error when it cannot be started, or with the signal's reason.
 */
export function runCommand(run: CommandRun): Promise<CommandResult> {
  const { program, args, env, cwd, stdin, maxOutputBytes, signal } = run;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const mark = newProcessMark();
    const child: ChildProcess = spawn(program, args, {
      cwd,
      env: { ...env, ...mark.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // In its own process group and session: it can be stopped with everything it starts, Ctrl+C in our terminal does
      // not reach it, and it cannot ask for a password there.
      detached: process.platform !== 'win32',
    });
    const group = new ProcessGroup(child, mark);
    const stdout = new Head(maxOutputBytes);
    let stderr = Buffer.alloc(0);
    let lingering: NodeJS.Timeout | undefined;

    const settle = (trouble: string | undefined) => {
      clearTimeout(lingering);
      signal.removeEventListener('abort', givenUp);
      group.end();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      resolve({ trouble, stdout: stdout.bytes, stderr, tooMuch: stdout.tooMuch });
    };
    const givenUp = () => {
      reject(signal.reason);
      settle(undefined);
    };

    signal.addEventListener('abort', givenUp);
    child.once('error', (error) => {
      reject(error);
      settle(undefined);
    });
    child.stdin?.on('error', () => {}); // it may ignore its input
    child.stdin?.end(stdin ?? '');
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout.add(chunk);
      if (stdout.tooMuch) settle(undefined);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, chunk]).subarray(-stderrBytes);
    });
    child.once('exit', (code, killedBy) => {
      const trouble =
        killedBy === null ? (code === 0 ? undefined : `exit code ${code}`) : `signal ${killedBy}`;
      lingering = setTimeout(() => settle(trouble), lingeringMs);
      child.once('close', () => settle(trouble));
    });
  });
}

/** The beginning of an output, up to a limit. */
class Head {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly maxBytes: number) {}

  add(chunk: Buffer): void {
    if (!this.tooMuch) this.chunks.push(chunk);
    this.size += chunk.length;
  }

  get tooMuch(): boolean {
    return this.size > this.maxBytes;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks).subarray(0, this.maxBytes);
  }
}
