import type { SessionEvent } from '../contract/session-events.js';
import type { VoiceSession } from '../session/voice-session.js';
import { askedColumns, callText } from './screen/line-text.js';
import { truncate } from './text/wrap.js';

/** Whoever presses a key this soon after a question has left by itself has not read what stands there now. */
const readingMs = 500;
/** Columns that show at least which tool it is. */
const leastCall = 16;

interface Question {
  readonly callId: string;
  readonly call: string;
  /** Whether "always" has an effect. */
  readonly remember: boolean;
}

type Answering = Pick<VoiceSession, 'approve' | 'reject'>;

/** Calls that wait for somebody to allow them, oldest first. A call that is answered, given up or late leaves by itself. */
export class Questions {
  private readonly open: Question[] = [];
  /** When the question that was asked left without an answer. */
  private leftAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly session: Answering,
    private readonly now: () => number = () => performance.now(),
  ) {}

  hear(event: SessionEvent): void {
    switch (event.type) {
      case 'tool.approval.required':
        this.open.push({
          callId: event.callId,
          call: callText(event.name, event.arguments, askedColumns),
          remember: event.remember ?? true,
        });
        break;
      case 'tool.started':
      case 'tool.finished':
      case 'tool.failed':
      case 'tool.cancelled':
        if (this.open[0]?.callId === event.callId) this.leftAtMs = this.now();
        this.drop(event.callId);
        break;
      case 'session.ended':
        this.open.length = 0;
        break;
      default:
        break;
    }
  }

  /**
   * What is asked now, in one line of so many columns; undefined where nothing is. `confirm`: how an answer is finished, such as
   * ", then Enter". What can be answered is always there; of the call there is as much as fits.
   */
  text(columns: number, confirm = ''): string | undefined {
    const [first, ...others] = this.open;
    if (first === undefined) return undefined;
    const more = others.length === 0 ? '' : ` (${others.length} more)`;
    const [words, letters] = first.remember ? ['y once, a always, n no', 'y/a/n'] : ['y yes, n no', 'y/n'];
    const long = `? ${words}${confirm}${more}`;
    const tail = long.length + leastCall > columns ? `? ${letters}${more}` : long;
    return `Allow ${truncate(first.call, Math.max(leastCall, columns - 'Allow '.length - tail.length))}${tail}`;
  }

  /** `y`: this once; `a`: all calls of this tool in this session; `n`: no. Returns whether it was an answer to a question. */
  answer(letter: string): boolean {
    // Meant for the question that has just left.
    if (/^[yan]$/i.test(letter) && this.now() - this.leftAtMs < readingMs) return true;
    const [first] = this.open;
    if (first === undefined) return false;
    const { callId } = first;
    switch (letter.toLowerCase()) {
      case 'y':
        this.drop(callId);
        this.session.approve(callId);
        return true;
      case 'a':
        this.drop(callId);
        this.session.approve(callId, { always: true });
        return true;
      case 'n':
        this.drop(callId);
        this.session.reject(callId);
        return true;
      default:
        return false;
    }
  }

  private drop(callId: string): void {
    const index = this.open.findIndex((question) => question.callId === callId);
    if (index >= 0) this.open.splice(index, 1);
  }
}
