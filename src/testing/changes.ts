/** Callers that wait until something has changed, each with a deadline. */
export class Changes {
  private readonly waiting = new Set<() => void>();

  /** Lets every waiting caller look again. */
  happened(): void {
    for (const wake of [...this.waiting]) wake();
  }

  /**
   * Looks now, and after every change, until it finds something.
   * @throws Error with the message from `overdue` at the deadline; what `look` throws.
   */
  async until<Found>(
    look: () => Found | undefined,
    timeoutMs: number,
    overdue: () => string,
  ): Promise<Found> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(overdue());
      await this.next(leftMs);
    }
  }

  /** Resolves at the next change, at the latest after this time. */
  private next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.waiting.add(wake);
    });
  }
}
