import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileStatus } from '../processes/file-status.js';
import { ProcessGroup } from '../processes/process-group.js';
import { newProcessMark, type ProcessMark } from '../processes/process-mark.js';
import { LineSplitter } from './line-splitter.js';

/** How long a program may take to end once its input has ended, and then again after SIGTERM. */
const politeMs = 500;
const lastChanceMs = 1000;
/** Output may still arrive after the program has ended; a process it started may keep the pipe open forever. */
const lingeringMs = 200;
const longestErrorLine = 2000;

export interface ChildProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

export interface ChildProgramListeners {
  /** A line of its standard output. */
  onLine(line: string): void;
  /** A line of its standard output is longer than any message. */
  onTooLong(): void;
  /** A line of its standard error. */
  onErrorLine(line: string): void;
  /** The program has ended; nothing follows. `how`: `exit code 1`, `signal SIGKILL`. */
  onEnd(how: string): void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A child process, with everything it starts itself. */
export class ChildProgram {
  private readonly exited: Promise<void>;
  private readonly group: ProcessGroup;
  private ended = false;

  private constructor(
    private readonly child: Child,
    private readonly listeners: ChildProgramListeners,
    mark: ProcessMark,
  ) {
    const { onLine, onTooLong, onErrorLine } = listeners;
    const output = new LineSplitter(onLine, onTooLong);
    const errors = new LineSplitter(onErrorLine, () => {}, longestErrorLine);
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk)).on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk)).on('error', () => {});
    child.stdin.on('error', () => {}); // it has ended, which 'exit' reports
    this.exited = new Promise((resolve) => child.once('exit', () => resolve()));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`;
      const timer = setTimeout(() => this.end(how), lingeringMs);
      child.once('close', () => {
        clearTimeout(timer);
        errors.push(Buffer.from('\n')); // the last line may lack its line feed
        this.end(how);
      });
    });
    this.group = new ProcessGroup(child, mark);
  }

  /** Resolves when it runs. @throws the system's error when it cannot be started. */
  static start(
    { command, args, env, cwd }: ChildProgramOptions,
    listeners: ChildProgramListeners,
  ): Promise<ChildProgram> {
    if (cwd !== undefined) requireDirectory(cwd);
    return new Promise((resolve, reject) => {
      const mark = newProcessMark();
      const child = spawn(command, args, {
        cwd,
        env: { ...env, ...mark.env },
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
        // In its own process group: Ctrl+C in our terminal does not reach it, and what it starts ends with it.
        detached: process.platform !== 'win32',
      });
      child.on('error', reject); // later errors, from signals, add nothing to its end
      child.once('spawn', () => resolve(new ChildProgram(child, listeners, mark)));
    });
  }

  /** Resolves when the program has read it. Rejects when the program has ended. */
  write(text: string): Promise<void> {
    const { stdin } = this.child;
    return new Promise((resolve, reject) => {
      stdin.write(text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Ends it: first by closing its input, then by SIGTERM, then by force. May be called twice. */
  async close(): Promise<void> {
    this.child.stdin.end();
    if (await this.endsWithin(politeMs)) return;
    this.group.signal('SIGTERM');
    if (await this.endsWithin(lastChanceMs)) return;
    this.kill();
    await this.endsWithin(lastChanceMs);
  }

  /** Kills it at once. */
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

/** The system reports a missing directory like a missing program, so it is checked here. */
function requireDirectory(path: string): void {
  if (fileStatus(path)?.isDirectory() === true) return;
  throw Object.assign(new Error(`${path} is not a directory`), { code: 'ENOTDIR' });
}
