import type { SessionEvent } from '../contract/session-events.js';
import type { Display, NoteLevel } from './display.js';
import type { Questions } from './input/questions.js';
import { oneLine } from './text/clean-text.js';
import { askedColumns, lineText, seconds } from './transcript/line-text.js';
import { type Line, progressText, Transcript } from './transcript/transcript.js';

/** Shortest time between two progress lines of one tool. */
const progressMs = 5000;
export interface PlainDisplayOptions {
  /** The transcript: one line for each finished utterance and tool call. */
  readonly stdout: { write(text: string): unknown };
  /** Warnings, errors, notes. */
  readonly stderr: { write(text: string): unknown };
  readonly quiet: boolean;
  /** The calls that wait for permission, where the user can be asked. */
  readonly questions?: Questions | undefined;
}

/** Plain lines, for pipes, files and simple terminals. */
export class PlainDisplay implements Display {
  private readonly transcript = new Transcript();
  private asked: string | undefined;
  /** When each running call was last reported, by its own clock. */
  private readonly reportedAtMs = new Map<string, number>();

  constructor(private readonly options: PlainDisplayOptions) {}

  show(event: SessionEvent): void {
    this.transcript.apply(event);
    if (event.type === 'tool.progress') this.progressed(event);
    if (event.type === 'tool.finished' || event.type === 'tool.failed' || event.type === 'tool.cancelled') {
      this.reportedAtMs.delete(event.callId);
    }
    this.ask(event);
    this.flush();
  }

  note(level: NoteLevel, text: string, hint?: string): void {
    this.transcript.note(level, text, hint);
    this.flush();
  }

  close(): void {
    this.transcript.finish();
    this.flush();
  }

  /** Asks each question once, when its turn comes. */
  private ask(event: SessionEvent): void {
    const { questions } = this.options;
    questions?.apply(event);
    const question = questions?.text(askedColumns);
    if (question !== undefined && question !== this.asked) this.options.stderr.write(`${question}\n`);
    this.asked = question;
  }

  /** A separate line, because the line of the call is written only when the call is over. */
  private progressed(event: Extract<SessionEvent, { type: 'tool.progress' }>): void {
    const { callId, name, elapsedMs } = event;
    const last = this.reportedAtMs.get(callId);
    if (last !== undefined && elapsedMs - last < progressMs) return;
    this.reportedAtMs.set(callId, elapsedMs);
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
