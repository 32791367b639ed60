import type { Clock } from '../simulator/core/clock.js';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * A clock that stands still until a test advances it. Give `now` to `connect` or `startSession` and every `at`,
 * duration and limit of the session follows it; give the clock to `scenarioProvider` and its delays do. Network and
 * tools keep real time.
 */
export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>();

  /** `ms`: its initial Unix time. Default: the real time. */
  constructor(private ms: number = Date.now()) {}

  /** Milliseconds; bound, so it can be passed without the clock. */
  readonly now = (): number => this.ms;

  nowMs(): number {
    return this.ms;
  }

  /** Calls back once after this much time. Returns a function that cancels it; calling that late or twice is safe. */
  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.ms + delayMs, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Number of scheduled calls. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Advances the time, call by call; everything that a call triggers runs before the next one. */
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

/** Resolves when everything that is ready to run has run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
