import { readFileSync } from 'node:fs';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface PtyOptions {
  readonly columns: number;
  readonly rows: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const patienceMs = 10_000;

/** A program in a pseudo-terminal, and what a user would see of it. */
export class PtyScreen {
  /** Everything the program wrote, with its escape sequences. */
  raw = '';
  readonly exited: Promise<number>;
  private readonly terminal: xterm.Terminal;
  private readonly pty: IPty;
  private ended = false;

  constructor(file: string, args: string[], { columns, rows, cwd, env = {} }: PtyOptions) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    const { CI: _ci, NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...inherited } = process.env;
    this.pty = spawn(file, args, {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd: cwd ?? process.cwd(),
      env: { ...inherited, TERM: 'xterm-256color', ...env },
    });
    this.pty.onData((data) => {
      this.raw += data;
      this.terminal.write(data);
    });
    this.exited = new Promise((resolve) => {
      this.pty.onExit(({ exitCode }) => {
        this.ended = true;
        // What it wrote last is parsed a moment later.
        this.terminal.write('', () => resolve(exitCode));
      });
    });
  }

  get pid(): number {
    return this.pty.pid;
  }

  /** Rows of the scrollback and the screen, without the empty ones at the end. */
  get rows(): string[] {
    const { buffer } = this.terminal;
    const rows = Array.from({ length: buffer.active.length }, (_, index) =>
      (buffer.active.getLine(index)?.translateToString(true) ?? '').trimEnd(),
    );
    while (rows.at(-1) === '') rows.pop();
    return rows;
  }

  get text(): string {
    return this.rows.join('\n');
  }

  /** Where the cursor is, in rows and columns of the whole buffer. */
  get cursor(): { readonly row: number; readonly column: number } {
    const { active } = this.terminal.buffer;
    return { row: active.baseY + active.cursorY, column: active.cursorX };
  }

  type(keys: string): void {
    this.pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.pty.resize(columns, rows);
  }

  /** Waits until the screen shows this. */
  async shows(expected: string | RegExp): Promise<void> {
    const found = (): boolean =>
      typeof expected === 'string' ? this.text.includes(expected) : expected.test(this.text);
    await this.until(found, String(expected));
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!condition()) {
      if (Date.now() > deadline || this.ended) {
        await new Promise((resolve) => this.terminal.write('', () => resolve(undefined)));
        if (condition()) return;
        throw new Error(`waited in vain for ${what}; the screen shows:\n${this.text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  /** Sends a signal to the program in the foreground of the terminal. */
  signal(name: string): void {
    const shell = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim().split(' ');
    const program = Number(shell.at(-1) ?? '');
    process.kill(program > 0 ? program : this.pid, `SIG${name}` as NodeJS.Signals);
  }

  kill(): void {
    if (this.ended) return;
    this.pty.kill('SIGKILL');
  }
}
