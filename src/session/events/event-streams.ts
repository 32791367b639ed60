import { EventQueue } from './event-queue.js';

/** Events kept for the first iterator, beside the `seeds`; a program that only listens never asks for them. */
const longestBacklog = 1000;

/** One stream of events, taken by any number of iterators, each of which gets all events from when it began. */
export class EventStreams<Event> {
  private readonly queues = new Set<EventQueue<Event>>();
  /** Undefined as soon as there has been an iterator, or nobody seems to want one. */
  private backlog: Event[] | undefined = [];
  private ended = false;

  /** `seeds`: events that tell of what the session begins with. */
  constructor(private readonly seeds = 0) {}

  /** Somebody is behind: the network should wait. */
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

  /** The first one gets what came before it, too. */
  iterator(): AsyncIterableIterator<Event> {
    const queue = new EventQueue<Event>(() => this.queues.delete(queue));
    for (const event of this.backlog ?? []) queue.put(event);
    this.backlog = undefined;
    if (this.ended) queue.end();
    else this.queues.add(queue);
    return queue;
  }
}
