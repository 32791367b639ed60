import type { SessionEvent } from '../contract/session-events.js';
import type { Front } from './front.js';
import type { Questions } from './questions.js';
import { askedColumns, lineText, seconds } from './screen/line-text.js';
import { type Line, progressText, Transcript } from './screen/transcript.js';
import { oneLine } from './text/clean-text.js';

/** A tool that reports often is quoted so often. */
const progressMs = 5000;
export interface PlainOptions {
  /** The transcript: one line for each finished utterance and tool call. */
  readonly stdout: { write(text: string): unknown };
  /** Warnings, errors, remarks. */
  readonly stderr: { write(text: string): unknown };
  readonly quiet: boolean;
  /** Where somebody can be asked: what waits for permission. */
  readonly questions?: Questions | undefined;
}

/** Plain lines, for pipes, files and terminals that can do no more. */
export class Plain implements Front {
  private readonly transcript = new Transcript();
  private asked: string | undefined;
  /** When a running call was last told of, by its own clock. */
  private readonly told = new Map<string, number>();

  constructor(private readonly options: PlainOptions) {}

  hear(event: SessionEvent): void {
    this.transcript.apply(event);
    if (event.type === 'tool.progress') this.progressed(event);
    if (event.type === 'tool.finished' || event.type === 'tool.failed' || event.type === 'tool.cancelled') {
      this.told.delete(event.callId);
    }
    this.ask(event);
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

  /** Each question once, when it is its turn. */
  private ask(event: SessionEvent): void {
    const { questions } = this.options;
    questions?.hear(event);
    const question = questions?.text(askedColumns);
    if (question !== undefined && question !== this.asked) this.options.stderr.write(`${question}\n`);
    this.asked = question;
  }

  /** A line of its own, since the line of the call is only written when it is over. */
  private progressed(event: Extract<SessionEvent, { type: 'tool.progress' }>): void {
    const { callId, name, elapsedMs } = event;
    const last = this.told.get(callId);
    if (last !== undefined && elapsedMs - last < progressMs) return;
    this.told.set(callId, elapsedMs);
    const text = progressText(event);
    const how = text === undefined ? '' : `: ${text}`;
    this.transcript.note('info', `${name} is still working, ${seconds(elapsedMs)}${how}`);
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
