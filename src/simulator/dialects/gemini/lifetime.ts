import type { Clock } from '../../core/clock.js';

export interface LifetimeOptions {
  readonly clock: Clock;
  /** Announces the end, with the time that is left. */
  readonly onWarning: (timeLeftS: number) => void;
  readonly onEnd: () => void;
}

/** How long before the end the real server sends `goAway`; half of the time left where that is less. */
const noticeS = 50;

/** Counts down to the end of a connection, whichever of its limits comes first. */
export class Lifetime {
  private endsMs = Number.POSITIVE_INFINITY;
  private cancelTimer: () => void = () => {};

  constructor(private readonly options: LifetimeOptions) {}

  /** Ends the connection at this Unix time in milliseconds, unless an earlier limit is set. */
  until(endsMs: number): void {
    if (endsMs >= this.endsMs) return;
    this.endsMs = endsMs;
    this.cancelTimer();
    const { clock, onWarning, onEnd } = this.options;
    const leftMs = Math.max(0, endsMs - clock.nowMs());
    const noticeMs = Math.min(noticeS * 1000, leftMs / 2);
    this.cancelTimer = clock.after(leftMs - noticeMs, () => {
      onWarning(noticeMs / 1000);
      this.cancelTimer = clock.after(noticeMs, onEnd);
    });
  }

  stop(): void {
    this.cancelTimer();
    this.endsMs = Number.NEGATIVE_INFINITY;
  }
}
