import { type ChildProcess, spawn } from 'node:child_process';
import { ProcessGroup } from '../process-group.js';

export interface CommandRun {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Absent: its standard input is empty. */
  readonly stdin: string | undefined;
  /** Of its standard output; one that writes more is ended. */
  readonly maxOutputBytes: number;
  /** Ends it, and all it has started. */
  readonly signal: AbortSignal;
}

export interface CommandResult {
  /** `exit code 1`, `signal SIGSEGV`, or undefined when it ended well or was ended for its output. */
  readonly trouble: string | undefined;
  readonly stdout: Buffer;
  /** The end of its standard error. */
  readonly stderr: Buffer;
  /** It wrote more than it may. */
  readonly tooMuch: boolean;
}

const stderrBytes = 2048;
/** What it wrote may still be on its way when it has ended; something it started may keep the pipe open for ever. */
const lingeringMs = 200;

/** Runs a program to its end. Rejects with what the system says when it cannot be started, or with the signal's reason. */
export function runCommand(run: CommandRun): Promise<CommandResult> {
  const { program, args, env, cwd, stdin, maxOutputBytes, signal } = run;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child: ChildProcess = spawn(program, args, {
      cwd,
      env: { ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group and a session of its own: it can be ended with all it starts, Ctrl+C at our terminal is not its own, and it
      // cannot ask for a password there.
      detached: process.platform !== 'win32',
    });
    const group = new ProcessGroup(child);
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
    child.stdin?.on('error', () => {}); // it need not read
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

/** The beginning of an output. */
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
