import { type ChildProcess, spawn } from 'node:child_process';

export interface ProgramProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Which end of it carries the sound. */
  readonly sound: 'stdin' | 'stdout';
  /** It ended on its own; `reason` is the rest of a sentence. */
  readonly onEnd: (reason: string) => void;
}

/** A running player or recorder. Ended by SIGKILL only: any other signal lets it play its buffers first. */
export class ProgramProcess {
  readonly child: ChildProcess;
  private readonly file: string;
  private errorOutput = '';
  private killed = false;
  private ended = false;

  constructor({ file, args, environment, sound, onEnd }: ProgramProcessOptions) {
    this.file = file;
    const env = { ...process.env, ...environment };
    const stdio =
      sound === 'stdin' ? (['pipe', 'ignore', 'pipe'] as const) : (['ignore', 'pipe', 'pipe'] as const);
    // In its own process group, so that Ctrl+C in the terminal does not reach it.
    const detached = process.platform !== 'win32';
    this.child = spawn(file, args, { stdio: [...stdio], env, windowsHide: true, detached });
    this.child.stderr?.setEncoding('utf8');
    this.child.stderr?.on('data', (text: string) => {
      this.errorOutput = `${this.errorOutput}${text}`.slice(-2000);
    });
    this.child.stdin?.on('error', () => undefined); // It ended while we wrote: 'close' gives the reason.
    const end = (reason: string) => {
      if (this.ended) return;
      this.ended = true;
      if (!this.killed) onEnd(reason);
    };
    this.child.on('error', (error) => end(`${file} cannot be run: ${error.message}`));
    // Not 'exit': its last error output may still be in the pipe then.
    this.child.on('close', (code, signal) => end(this.verdict(code, signal)));
  }

  kill(): void {
    this.killed = true;
    this.child.kill('SIGKILL');
  }

  private verdict(code: number | null, signal: NodeJS.Signals | null): string {
    const last = this.errorOutput.trim().split('\n').at(-1)?.trim() ?? '';
    const how = signal === null ? `exit code ${code}` : signal;
    return last === '' ? `${this.file} ended with ${how}` : `${this.file} ended with ${how}, saying: ${last}`;
  }
}
