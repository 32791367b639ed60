import type { HistoryItem } from '../../contract/items.js';
import type { SessionEvent } from '../../contract/session-events.js';

/** One tool call and how it ended. */
export interface ToolTotal {
  readonly name: string;
  readonly callId: string;
  readonly ok: boolean;
}

/** Counts turns, answers, tool calls and errors, for the result line and the summary. Subscribe `onEvent`. */
export class SessionTotals {
  readonly tools: ToolTotal[] = [];
  readonly firstAudioMs: number[] = [];
  /** Number of responses that began, and of those that were completed. */
  responses = 0;
  answers = 0;
  /** The last response failed, stalled, was empty, or never came. */
  lastAnswerFailed = false;
  /** The last response began and then stalled. */
  lastAnswerStalled = false;
  /** What the user said last held no words, so it was not answered. */
  nothingHeard = false;
  /** Why the server stopped its last answer, where it did that by itself. */
  lastStop: string | undefined;
  /** Turns of the user, spoken or typed. */
  turns = 0;
  /** False while events still describe an earlier session. */
  private ready = false;
  /** The last thing that went wrong. */
  lastError: string | undefined;

  readonly onEvent = (event: SessionEvent): void => {
    switch (event.type) {
      case 'session.ready':
        this.ready = true;
        break;
      case 'history.updated':
        if (
          this.ready &&
          event.change === 'added' &&
          event.item.kind === 'message' &&
          event.item.role === 'user'
        ) {
          this.turns += 1;
        }
        break;
      case 'response.started':
        this.responses += 1;
        break;
      case 'response.done':
        this.nothingHeard = event.reason === 'nothing_heard';
        this.lastStop =
          event.status === 'cancelled' && event.reason !== 'client_cancelled'
            ? (event.reason ?? 'no reason given')
            : undefined;
        if (event.status !== 'cancelled') {
          this.lastAnswerStalled = event.reason === 'stalled';
          this.lastAnswerFailed = event.status === 'failed' || this.lastAnswerStalled;
          if (!this.lastAnswerFailed && !this.nothingHeard) this.answers += 1;
        }
        if (event.firstAudioMs !== undefined) this.firstAudioMs.push(event.firstAudioMs);
        break;
      case 'tool.finished':
        this.tools.push({ name: event.name, callId: event.callId, ok: true });
        break;
      case 'tool.failed':
      case 'tool.cancelled':
        this.tools.push({ name: event.name, callId: event.callId, ok: false });
        break;
      case 'warning':
        if (event.code === 'response.missing' || event.code === 'response.empty') {
          this.lastAnswerFailed = true;
          if (event.code === 'response.empty') this.lastError = event.message;
        }
        break;
      case 'error':
        this.lastError = event.message;
        break;
      default:
        break;
    }
  };
}

/**
 * What one side said, message by message, in conversation order; of the assistant's messages, the part that was heard.
 */
export function wordsOf(history: readonly HistoryItem[], role: 'user' | 'assistant'): string[] {
  return history.flatMap((item) =>
    item.kind === 'message' && item.role === role && item.text !== '' ? [item.text] : [],
  );
}
