import { Program, type ProgramOptions } from './program.js';
import type { JSONRPCMessage, Transport } from './sdk.js';

/** Whoever writes more lines than this that are no messages speaks something else. */
const mostForeignLines = 200;
const longestQuote = 120;

export interface StdioTransportParts {
  /** Throws for a line that is no message. */
  readonly parse: (line: string) => JSONRPCMessage;
  readonly onErrorLine: (line: string) => void;
}

/** A server that is a program of ours. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** How the program ended, or what is wrong with what it says. */
  ending: string | undefined;
  /** The last line of its standard error. */
  lastWords: string | undefined;
  /** The first line of its standard output that was no message. */
  foreignLine: string | undefined;
  private starting: Promise<Program> | undefined;
  private program: Program | undefined;
  private foreignLines = 0;
  private delivered = Promise.resolve();
  private closed = false;

  constructor(
    private readonly options: ProgramOptions,
    private readonly parts: StdioTransportParts,
  ) {}

  async start(): Promise<void> {
    this.starting = Program.start(this.options, {
      onLine: (line) => this.read(line),
      onTooLong: () => this.giveUp('it sent a message of more than 16 MB'),
      onErrorLine: (line) => {
        if (line.trim() !== '') this.lastWords = line.trim();
        this.parts.onErrorLine(line);
      },
      onEnd: (how) => {
        this.ending ??= how;
        this.leave();
      },
    });
    this.program = await this.starting;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.program === undefined || this.closed) throw new Error('Not connected');
    try {
      await this.program.write(`${JSON.stringify(message)}\n`);
    } catch {
      // It ends, or has closed its input: how it ended is worth more than that nobody read.
    }
  }

  async close(): Promise<void> {
    this.leave();
    // Also a program that is only just starting must not outlive us.
    const program = await this.starting?.catch(() => undefined);
    await program?.close();
  }

  private read(line: string): void {
    if (this.closed || line.trim() === '') return;
    let message: JSONRPCMessage;
    try {
      message = this.parts.parse(line);
    } catch {
      this.foreignLine ??= line.trim().slice(0, longestQuote);
      this.foreignLines += 1;
      if (this.foreignLines > mostForeignLines) this.giveUp('it writes something else than MCP');
      return;
    }
    // The client looks at notifications one step later than at answers: the last progress would come after the answer.
    this.delivered = this.delivered.then(() => this.onmessage?.(message));
  }

  private giveUp(reason: string): void {
    this.ending ??= reason;
    this.program?.kill();
    this.leave();
  }

  /** The protocol counts on being told exactly once. */
  private leave(): void {
    if (this.closed) return;
    this.closed = true;
    this.onclose?.();
  }
}
