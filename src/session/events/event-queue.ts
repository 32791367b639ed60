/** So many events may wait before the network has to. */
const fullAt = 256;

/** Events between a session that makes them when they happen and a program that takes them when it likes. */
export class EventQueue<Event> implements AsyncIterableIterator<Event> {
  private waiting: Event[] = [];
  private readonly takers: ((result: IteratorResult<Event, undefined>) => void)[] = [];
  private closed = false;

  /** `left`: nobody will take any more. */
  constructor(private readonly left: () => void) {}

  /** Events are taken more slowly than they come. */
  get full(): boolean {
    return this.waiting.length >= fullAt;
  }

  put(event: Event): void {
    if (this.closed) return;
    const taker = this.takers.shift();
    if (taker === undefined) this.waiting.push(event);
    else taker({ done: false, value: event });
  }

  /** No more events will come. Those that wait can still be taken. */
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

  /** What `break` does. */
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
