import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileStatus } from '../file-status.js';
import { ProcessGroup } from '../process-group.js';
import { Lines } from './lines.js';

/** How long a program may take to end by itself once its input has ended, and then once more when asked to. */
const politeMs = 500;
const lastChanceMs = 1000;
/** What a program wrote may still be on its way when it has ended; a grandchild may keep the pipe open for ever. */
const lingeringMs = 200;
const longestErrorLine = 2000;

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

export interface ProgramListeners {
  /** A line of its standard output. */
  onLine(line: string): void;
  /** A line of its standard output is longer than any message. */
  onTooLong(): void;
  /** A line of its standard error. */
  onErrorLine(line: string): void;
  /** It has ended; nothing comes after. `how`: `exit code 1`, `signal SIGKILL`. */
  onEnd(how: string): void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A program beside this one, with everything it starts itself. */
export class Program {
  private readonly exited: Promise<void>;
  private readonly group: ProcessGroup;
  private ended = false;

  private constructor(
    private readonly child: Child,
    private readonly listeners: ProgramListeners,
  ) {
    const { onLine, onTooLong, onErrorLine } = listeners;
    const output = new Lines(onLine, onTooLong);
    const errors = new Lines(onErrorLine, () => {}, longestErrorLine);
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk)).on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk)).on('error', () => {});
    child.stdin.on('error', () => {}); // it has ended, which we are told anyway
    this.exited = new Promise((resolve) => child.once('exit', () => resolve()));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`;
      const patience = setTimeout(() => this.end(how), lingeringMs);
      child.once('close', () => {
        clearTimeout(patience);
        errors.push(Buffer.from('\n')); // the last words need no line feed
        this.end(how);
      });
    });
    this.group = new ProcessGroup(child);
  }

  /**
   * Resolves when it runs.
   * @throws what the system says when it cannot be started.
   */
  static start({ command, args, env, cwd }: ProgramOptions, listeners: ProgramListeners): Promise<Program> {
    if (cwd !== undefined) requireDirectory(cwd);
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd,
        env: { ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
        // A group of its own: Ctrl+C at our terminal is ours to answer, and what the program starts ends with it.
        detached: process.platform !== 'win32',
      });
      child.on('error', reject); // later ones, of signals, say nothing that its end does not
      child.once('spawn', () => resolve(new Program(child, listeners)));
    });
  }

  /** Waits while the program does not read. Rejects when it has ended. */
  write(text: string): Promise<void> {
    const { stdin } = this.child;
    return new Promise((resolve, reject) => {
      stdin.write(text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Ends it: first by the end of its input, then by request, then by force. Twice does no harm. */
  async close(): Promise<void> {
    this.child.stdin.end();
    if (await this.endsWithin(politeMs)) return;
    this.group.signal('SIGTERM');
    if (await this.endsWithin(lastChanceMs)) return;
    this.kill();
    await this.endsWithin(lastChanceMs);
  }

  /** Ends it at once. */
  kill(): void {
    this.group.signal('SIGKILL');
  }

  private async endsWithin(ms: number): Promise<boolean> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    try {
      return await Promise.race([this.exited.then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private end(how: string): void {
    if (this.ended) return;
    this.ended = true;
    this.group.end(); // what it started and left behind
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr]) stream.destroy();
    this.listeners.onEnd(how);
  }
}

/** The system says of a missing directory what it says of a missing program. */
function requireDirectory(path: string): void {
  if (fileStatus(path)?.isDirectory() === true) return;
  throw Object.assign(new Error(`${path} is no directory`), { code: 'ENOTDIR' });
}
