import type { Clock } from '../simulator/core/clock.js';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * Time that stands still until a test lets it pass. Give `now` to `connect` or `startSession` and every `at`, duration and
 * limit of the session follows it; give the clock to `scenarioProvider` and its delays do. Network and tools keep real time.
 */
export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>();

  /** `ms`: the Unix time that it shows at first. Default: the real one. */
  constructor(private ms: number = Date.now()) {}

  /** Milliseconds; may be passed on without the clock. */
  readonly now = (): number => this.ms;

  nowMs(): number {
    return this.ms;
  }

  /** Calls once when so much time has passed. Returns the way to call it off; doing so late or twice does no harm. */
  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.ms + delayMs, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** How many calls are still to come. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Lets time pass, call by call, and everything that each of them sets off happen before the next. */
  async advance(forMs: number): Promise<void> {
    const untilMs = this.ms + forMs;
    for (;;) {
      await settle();
      const next = [...this.timers].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > untilMs) break;
      this.timers.delete(next);
      this.ms = Math.max(this.ms, next.dueMs);
      next.run();
    }
    this.ms = untilMs;
    await settle();
  }
}

/** Everything that is ready to run has run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
