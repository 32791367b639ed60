/** Time as the server sees it. Tests hand in one they can wind forward. */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Runs once after the delay. Returns the way to call it off; calling that late or twice does no harm. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Waits, or returns at once when the signal is or becomes aborted: callers look at the signal afterwards. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || delayMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      cancelTimer();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancelTimer = clock.after(delayMs, wake);
    signal.addEventListener('abort', wake);
  });
}
