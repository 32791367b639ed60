import { ChildProgram, type ChildProgramOptions } from './child-program.js';
import { JsonLines } from './json-lines.js';
import type { JSONRPCMessage, Transport } from './sdk.js';
import { WaitingRequests } from './waiting-requests.js';

/** A program that writes more lines than this that are not messages does not speak MCP. */
const mostForeignLines = 200;
const longestQuote = 120;

export interface StdioTransportParts {
  /** Throws for a value that is not a message. */
  readonly parse: (value: unknown) => JSONRPCMessage;
  readonly onErrorLine: (line: string) => void;
}

/** The transport to a server that is a child process. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /**
   * These two tell the client that it talks to a program, which may leave a question of a newer revision unanswered.
   */
  readonly stderr = null;
  readonly pid = null;
  /** How the program ended, or what is wrong with its output. */
  ending: string | undefined;
  /** The last line of its standard error. */
  lastErrorLine: string | undefined;
  /** The first line of its standard output that was not a message. */
  foreignLine: string | undefined;
  private starting: Promise<ChildProgram> | undefined;
  private program: ChildProgram | undefined;
  private foreignLines = 0;
  private readonly lines = new JsonLines((line) => this.countForeign(line));
  private readonly waiting = new WaitingRequests();
  private delivered = Promise.resolve();
  private closed = false;

  constructor(
    private readonly options: ChildProgramOptions,
    private readonly parts: StdioTransportParts,
  ) {}

  async start(): Promise<void> {
    this.starting = ChildProgram.start(this.options, {
      onLine: (line) => this.read(line),
      onTooLong: () => this.giveUp('it sent a message of more than 16 MB'),
      onErrorLine: (line) => {
        if (line.trim() !== '') this.lastErrorLine = line.trim();
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
    this.waiting.sent(message);
    try {
      await this.program.write(`${JSON.stringify(message)}\n`);
    } catch {
      // It is ending, or has closed its input: how it ended is a better reason than a failed write.
    }
  }

  async close(): Promise<void> {
    this.leave();
    // A program that is just starting must not outlive us either.
    const program = await this.starting?.catch(() => undefined);
    await program?.close();
  }

  private read(line: string): void {
    if (this.closed || line.trim() === '') return;
    const value = this.lines.push(line);
    if (value === undefined) return;
    try {
      for (const each of this.waiting.mended(value)) this.deliver(each, line);
    } catch {
      this.countForeign(line); // nested too deeply
    }
  }

  private deliver(value: unknown, line: string): void {
    let message: JSONRPCMessage;
    try {
      message = this.parts.parse(value);
    } catch {
      this.countForeign(line);
      return;
    }
    // The client handles notifications one microtask later than responses: the last progress would come after the
    // result.
    this.delivered = this.delivered.then(() => this.onmessage?.(message));
  }

  private countForeign(line: string): void {
    this.foreignLine ??= line.trim().slice(0, longestQuote);
    this.foreignLines += 1;
    if (this.foreignLines > mostForeignLines) this.giveUp('it writes something other than MCP');
  }

  private giveUp(reason: string): void {
    this.ending ??= reason;
    this.program?.kill();
    this.leave();
  }

  /** The client expects `onclose` exactly once. */
  private leave(): void {
    if (this.closed) return;
    this.closed = true;
    this.onclose?.();
  }
}
