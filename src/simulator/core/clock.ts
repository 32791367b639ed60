/** Time as the server sees it. Tests pass one that they advance by hand. */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Runs once after the delay. Returns a function that cancels it, which may be called late or twice. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Waits, or returns at once when the signal is aborted. Callers check the signal afterwards. */
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
