import type { SessionEvent } from '../conversation/session-events.js';
import { oneLine } from './clean-text.js';
import type { Front } from './front.js';
import { lineText } from './line-text.js';
import { type Line, Transcript } from './transcript.js';

export interface PlainOptions {
  /** The transcript: one line for each finished utterance and tool call. */
  readonly stdout: { write(text: string): unknown };
  /** Warnings, errors, remarks. */
  readonly stderr: { write(text: string): unknown };
  readonly quiet: boolean;
}

/** Plain lines, for pipes, files and terminals that can do no more. */
export class Plain implements Front {
  private readonly transcript = new Transcript();

  constructor(private readonly options: PlainOptions) {}

  hear(event: SessionEvent): void {
    this.transcript.apply(event);
    this.flush();
  }

  note(level: 'info' | 'warning' | 'error', text: string, hint?: string): void {
    this.transcript.note(level, text, hint);
    this.flush();
  }

  close(): void {
    this.transcript.finish();
    this.flush();
  }

  private flush(): void {
    for (const line of this.transcript.takeNotes()) this.print(line);
    for (const line of this.transcript.takeSettled()) this.print(line);
  }

  private print(line: Line): void {
    const { label, text } = lineText(line);
    const { stdout, stderr, quiet } = this.options;
    if (line.kind !== 'note') stdout.write(`${label}: ${oneLine(text)}\n`);
    else if (line.level !== 'info') stderr.write(`${label}: ${oneLine(text)}\n`);
    else if (!quiet) stderr.write(`${oneLine(text)}\n`);
  }
}
