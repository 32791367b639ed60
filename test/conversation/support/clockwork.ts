interface Appointment {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that only passes when told to, and what is to happen in it. */
export class Clockwork {
  nowMs = 0;
  private appointments: Appointment[] = [];
  private order = 0;

  at(atMs: number, run: () => void): void {
    this.order += 1;
    const appointment = { atMs: Math.max(atMs, this.nowMs), order: this.order, run };
    const later = this.appointments.findIndex((other) => other.atMs > appointment.atMs);
    if (later < 0) this.appointments.push(appointment);
    else this.appointments.splice(later, 0, appointment);
  }

  in(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run);
  }

  /** Lets everything happen that is due until then. */
  runUntil(endMs: number): void {
    for (
      let next = this.appointments[0];
      next !== undefined && next.atMs <= endMs;
      next = this.appointments[0]
    ) {
      this.appointments.shift();
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = endMs;
  }
}

/** A line that delays, but never reorders. */
export class Line<T> {
  private lastMs = 0;

  constructor(
    private readonly clock: Clockwork,
    private readonly delayMs: () => number,
    private readonly deliver: (message: T) => void,
  ) {}

  send(message: T): void {
    this.lastMs = Math.max(this.lastMs, this.clock.nowMs + this.delayMs());
    this.clock.at(this.lastMs, () => this.deliver(message));
  }
}
