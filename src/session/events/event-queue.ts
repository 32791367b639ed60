/** Number of waiting events at which reading from the network pauses. */
const fullAt = 256;

/**
 * Holds events between the session, which emits them as they happen, and the program, which consumes them at its own
 * pace.
 */
export class EventQueue<Event> implements AsyncIterableIterator<Event> {
  private waiting: Event[] = [];
  private readonly takers: ((result: IteratorResult<Event, undefined>) => void)[] = [];
  private closed = false;

  /** `left`: the consumer has stopped. */
  constructor(private readonly left: () => void) {}

  /** Whether events are consumed more slowly than they arrive. */
  get full(): boolean {
    return this.waiting.length >= fullAt;
  }

  put(event: Event): void {
    if (this.closed) return;
    const taker = this.takers.shift();
    if (taker === undefined) this.waiting.push(event);
    else taker({ done: false, value: event });
  }

  /** Ends the queue. Waiting events can still be taken. */
  end(): void {
    this.closed = true;
    for (const taker of this.takers.splice(0)) taker({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    const [event] = this.waiting.splice(0, 1);
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.takers.push(resolve));
  }

  /** Called by `break`. */
  return(): Promise<IteratorResult<Event, undefined>> {
    this.waiting = [];
    this.end();
    this.left();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
