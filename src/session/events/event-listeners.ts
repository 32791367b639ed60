import { Listeners } from '../../base/listeners.js';
import type { SessionEvent } from '../../contract/session-events.js';

/** Events kept for the first listener, in addition to one for each item that the session begins with. */
const longestBacklog = 1000;

/** The listeners to a session's events. The first ones also get the events from before they were added. */
export class EventListeners {
  private readonly listeners = new Listeners<SessionEvent>();
  private backlog: SessionEvent[] | undefined = [];
  private problem: string | undefined;

  /** `itemsAtStart`: items that the session begins with, each of which causes an event. */
  constructor(private readonly itemsAtStart = 0) {}

  /** Returns a function that removes the listener. */
  add(listener: (event: SessionEvent) => void): () => void {
    const remove = this.listeners.add(listener);
    // Listeners added in the same tick as the first one (a screen and a recorder) also get the beginning.
    if (this.listeners.size === 1) setImmediate(() => (this.backlog = undefined));
    for (const event of [...(this.backlog ?? [])]) listener(event);
    return remove;
  }

  tell(event: SessionEvent): void {
    if (event.type === 'error') this.problem ??= ` It says: ${event.message}`;
    if (event.type === 'warning') this.problem ??= ` ${event.message}`;
    if (this.backlog !== undefined && this.backlog.length < longestBacklog + this.itemsAtStart)
      this.backlog.push(event);
    this.listeners.tell(event);
  }

  /** The message of the first error or warning, with a space before it; empty when there was none. */
  firstProblem(): string {
    return this.problem ?? '';
  }
}
