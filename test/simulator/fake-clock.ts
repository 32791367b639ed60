import type { Clock } from '../../src/simulator/core/clock.js';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that stands still until it is wound forward. */
export class FakeClock implements Clock {
  private ms: number;
  private readonly timers = new Set<Timer>();

  constructor(aheadMs = 0) {
    this.ms = 1_800_000_000_000 + aheadMs;
  }

  nowMs(): number {
    return this.ms;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.ms + delayMs, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  get waiting(): number {
    return this.timers.size;
  }

  /** Lets time pass, timer by timer, and everything that each of them sets off happen before the next. */
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
