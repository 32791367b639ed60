import type { SessionEvent } from '../../contract/session-events.js';

/** Events kept for the first listener, beside one for each item that the session begins with. */
const longestBacklog = 1000;

/** Whoever listens to a session's events. */
export class Audience {
  private readonly listeners = new Set<(event: SessionEvent) => void>();
  private backlog: SessionEvent[] | undefined = [];
  private complaint: string | undefined;

  constructor(private readonly seeds = 0) {}

  /** Returns the way to leave. */
  add(listener: (event: SessionEvent) => void): () => void {
    this.listeners.add(listener);
    // Whoever comes in the same turn as the first one (a screen and a recorder) gets the beginning, too.
    if (this.listeners.size === 1) setImmediate(() => (this.backlog = undefined));
    for (const event of [...(this.backlog ?? [])]) listener(event);
    return () => this.listeners.delete(listener);
  }

  tell(event: SessionEvent): void {
    if (event.type === 'error') this.complaint ??= ` It says: ${event.message}`;
    if (event.type === 'warning') this.complaint ??= ` ${event.message}`;
    if (this.backlog !== undefined && this.backlog.length < longestBacklog + this.seeds)
      this.backlog.push(event);
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        // The listener's own mistake must come to light, but not in the middle of ours.
        void Promise.reject(error);
      }
    }
  }

  /** What went wrong first, with a space before it. */
  firstComplaint(): string {
    return this.complaint ?? '';
  }
}
