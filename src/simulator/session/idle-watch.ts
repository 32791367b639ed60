import type { Clock } from '../core/clock.js';
import type { Outlet } from '../core/event-sender.js';
import { Refusal } from '../core/server-event.js';
import type { IdleRule } from '../wire/dialect.js';

/** Lets a client go that has sent nothing for too long. */
export class IdleWatch {
  private callOff: () => void = () => {};

  constructor(
    private readonly rule: IdleRule,
    private readonly outlet: Outlet,
    private readonly clock: Clock,
  ) {}

  /** The client has sent something; the time begins anew. */
  touch(): void {
    this.callOff();
    this.callOff = this.clock.after(this.rule.limitS * 1000, () => this.expire());
  }

  end(): void {
    this.callOff();
  }

  private expire(): void {
    const { error, close } = this.rule;
    const { message, ...options } = error;
    this.outlet.send(new Refusal(message, options).toEvent(null));
    this.outlet.close(close.code, close.reason);
  }
}
