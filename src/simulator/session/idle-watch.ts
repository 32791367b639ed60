import type { Clock } from '../core/clock.js';
import type { EventSender } from '../core/event-sender.js';
import { Refusal } from '../core/refusal.js';
import type { IdleRule } from '../wire/dialect.js';

/** Disconnects a client that has sent nothing for too long. */
export class IdleWatch {
  private cancelTimer: () => void = () => {};

  constructor(
    private readonly rule: IdleRule,
    private readonly sender: EventSender,
    private readonly clock: Clock,
  ) {}

  /** The client has sent something: restarts the time limit. */
  touch(): void {
    this.cancelTimer();
    this.cancelTimer = this.clock.after(this.rule.limitS * 1000, () => this.expire());
  }

  end(): void {
    this.cancelTimer();
  }

  private expire(): void {
    const { error, close } = this.rule;
    const { message, ...options } = error;
    this.sender.send(new Refusal(message, options).toEvent(null));
    this.sender.close(close.code, close.reason);
  }
}
