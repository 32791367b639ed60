import type { SessionEvent } from '../../contract/session-events.js';
import type { VoiceSession } from '../../session/voice-session.js';
import { truncate } from '../text/wrap.js';
import { askedColumns, callText } from '../transcript/line-text.js';

/** A key pressed this soon after a question disappeared was meant for that question, not for the next one. */
const readingMs = 500;
/** Columns that the call always gets, so that the tool's name is visible. */
const minCallColumns = 16;

interface Question {
  readonly callId: string;
  readonly call: string;
  /** Whether "always" has an effect. */
  readonly remember: boolean;
}

type Answering = Pick<VoiceSession, 'approve' | 'reject'>;

/**
 * Calls that wait for the user's permission, oldest first. A call that is answered, cancelled or timed out disappears
 * on its own.
 */
export class Questions {
  private readonly open: Question[] = [];
  /** When the current question disappeared without an answer. */
  private leftAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly session: Answering,
    private readonly now: () => number = () => performance.now(),
  ) {}

  apply(event: SessionEvent): void {
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
   * The current question on one line of at most `columns`; undefined when there is none. `confirm`: how an answer is
   * finished, such as ", then Enter". The possible answers are always shown; the call is shortened to fit.
   */
  text(columns: number, confirm = ''): string | undefined {
    const [first, ...others] = this.open;
    if (first === undefined) return undefined;
    const more = others.length === 0 ? '' : ` (${others.length} more)`;
    const [words, letters] = first.remember ? ['y once, a always, n no', 'y/a/n'] : ['y yes, n no', 'y/n'];
    const long = `? ${words}${confirm}${more}`;
    const tail = long.length + minCallColumns > columns ? `? ${letters}${more}` : long;
    return `Allow ${truncate(first.call, Math.max(minCallColumns, columns - 'Allow '.length - tail.length))}${tail}`;
  }

  /**
   * `y`: allow once; `a`: allow all calls of this tool in this session; `n`: reject. Returns whether it was an answer
   * to a question.
   */
  answer(letter: string): boolean {
    // It was meant for the question that has just disappeared.
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
