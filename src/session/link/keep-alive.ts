/** Calls back whenever nothing has been sent for a while, until stopped. */
export class KeepAlive {
  private sentAtMs = performance.now();
  private timer: NodeJS.Timeout;

  constructor(
    private readonly afterMs: number,
    private readonly call: () => void,
  ) {
    this.timer = setTimeout(this.check, afterMs);
  }

  /** Something was sent. Must be cheap: sound is sent fifty times a second. */
  sent(): void {
    this.sentAtMs = performance.now();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private readonly check = () => {
    const leftMs = this.sentAtMs + this.afterMs - performance.now();
    if (leftMs <= 0) {
      this.sent();
      this.call();
    }
    this.timer = setTimeout(this.check, leftMs > 0 ? Math.ceil(leftMs) : this.afterMs);
  };
}
