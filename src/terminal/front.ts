import type { SessionEvent } from '../contract/session-events.js';

/** How a conversation is shown: a live screen, plain lines or NDJSON. Closing twice does no harm. */
export interface Front {
  /** Every event of the session, from the first one. */
  hear(event: SessionEvent): void;
  /** Says something of our own. */
  note(level: 'info' | 'warning' | 'error', text: string, hint?: string): void;
  /** Shows what is left and gives the terminal back. */
  close(): void;
}
