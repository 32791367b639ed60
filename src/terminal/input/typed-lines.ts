import { createInterface } from 'node:readline';
import type { SessionEvent } from '../../contract/session-events.js';
import type { VoiceSession } from '../../session/voice-session.js';
import { cleanText } from '../text/clean-text.js';
import { sendTyped, type TypedHost } from './typed-message.js';

/** If no answer starts within this time, none is expected. */
const answerStartMs = 30_000;
/** After a tool result the next response follows within this time; until then the answer is not over. */
const followUpMs = 10_000;
const pollMs = 50;

export interface LinesHost extends TypedHost {
  /**
   * Handles a line that answers an open question, at once. Returns whether it did. Absent where no questions are asked.
   */
  readonly answer?: ((line: string) => boolean) | undefined;
}

/**
 * Sends every line of `input` as a message, each when the answer to the one before is finished. Resolves at the end of
 * `input`, after the last answer, or when the session is over.
 */
export async function sendTypedLines(
  input: NodeJS.ReadableStream,
  session: VoiceSession,
  host: LinesHost,
): Promise<void> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, terminal: false });
  const over = session.ended.then(() => lines.close());
  // An answer to a question must not queue behind messages: they wait for the call that it allows.
  const taken: boolean[] = [];
  lines.on('line', (line) => taken.push(host.answer?.(cleanText(line).trim()) ?? false));
  for await (const line of lines) {
    const text = cleanText(line).trim();
    if (session.state === 'ended') break;
    if (taken.shift() === true || text === '') continue;
    await Promise.race([answerTo(session, text, host), over]);
  }
}

async function answerTo(session: VoiceSession, text: string, host: TypedHost): Promise<void> {
  const answer = new AnswerWatch(Date.now());
  const unsubscribe = session.subscribe((event) => answer.apply(event, Date.now()));
  try {
    if (!(await sendTyped(text, session, host))) return;
    while (!answer.over(session.state, Date.now())) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  } finally {
    unsubscribe();
  }
}

/** Whether the answer to a message is finished: said, heard, and with no tool or follow-up outstanding. */
class AnswerWatch {
  private readonly tools = new Set<string>();
  private readonly open = new Set<string>();
  private answered = false;
  /** Until then a response may still start. */
  private dueMs: number;

  constructor(nowMs: number) {
    this.dueMs = nowMs + answerStartMs;
  }

  apply(event: SessionEvent, nowMs: number): void {
    switch (event.type) {
      case 'response.started':
        this.open.add(event.responseId);
        this.dueMs = 0;
        break;
      case 'response.done':
        // A response that started earlier belongs to an answer that this message interrupted.
        if (this.open.delete(event.responseId)) this.answered = true;
        break;
      case 'tool.approval.required':
      case 'tool.started':
        this.tools.add(event.callId);
        break;
      case 'tool.finished':
      case 'tool.failed':
      case 'tool.cancelled':
        this.tools.delete(event.callId);
        this.dueMs = nowMs + followUpMs;
        break;
      default:
        break;
    }
  }

  over(state: VoiceSession['state'], nowMs: number): boolean {
    if (state === 'ended') return true;
    if (this.open.size > 0 || this.tools.size > 0 || nowMs < this.dueMs) return false;
    const quiet = state === 'listening' || state === 'muted' || state === 'hearing';
    return quiet && (this.answered || this.dueMs > 0);
  }
}
