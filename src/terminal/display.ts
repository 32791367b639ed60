import type { SessionEvent } from '../contract/session-events.js';

export type NoteLevel = 'info' | 'warning' | 'error';

/** Shows a conversation: as a live screen or as plain lines. May be closed twice. */
export interface Display {
  /** Takes every event of the session, from the first one. */
  show(event: SessionEvent): void;
  /** Adds a message of the program itself. */
  note(level: NoteLevel, text: string, hint?: string): void;
  /** Shows what is left and restores the terminal. */
  close(): void;
}
