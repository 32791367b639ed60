import { EventQueue } from './event-queue.js';

/**
 * Events kept for the first iterator, in addition to the `seeds`; a program that only uses listeners never reads them.
 */
const longestBacklog = 1000;

/** One stream of events for any number of iterators, each of which gets all events from its start on. */
export class EventStreams<Event> {
  private readonly queues = new Set<EventQueue<Event>>();
  /** Undefined once an iterator has started, or when too many events have been kept for one. */
  private backlog: Event[] | undefined = [];
  private ended = false;

  /** `seeds`: number of events for the history that the session begins with. */
  constructor(private readonly seeds = 0) {}

  /** An iterator is behind: reading from the network should pause. */
  get congested(): boolean {
    for (const queue of this.queues) if (queue.full) return true;
    return false;
  }

  put(event: Event): void {
    this.backlog?.push(event);
    if (this.backlog !== undefined && this.backlog.length > longestBacklog + this.seeds)
      this.backlog = undefined;
    for (const queue of this.queues) queue.put(event);
  }

  end(): void {
    this.ended = true;
    for (const queue of this.queues) queue.end();
    this.queues.clear();
  }

  /** The first one also gets the events from before it. */
  iterator(): AsyncIterableIterator<Event> {
    const queue = new EventQueue<Event>(() => this.queues.delete(queue));
    for (const event of this.backlog ?? []) queue.put(event);
    this.backlog = undefined;
    if (this.ended) queue.end();
    else this.queues.add(queue);
    return queue;
  }
}
