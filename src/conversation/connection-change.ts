/** How long before the end of a connection a quiet moment for the change is looked for. */
const searchMs = 60_000;
/** The change itself takes a little; it is not put off any longer than this before the end. */
const reserveMs = 3000;

/** Settings that only a new connection takes may wait for a quiet moment so long. */
const settingsPatienceMs = 10_000;
/** And so much longer while the user speaks. */
const speechPatienceMs = 30_000;

/**
 * When to change to a new connection, because this one is going to end or has outdated settings: at the next quiet
 * moment, and at the latest just before its time is up.
 */
export class ConnectionChange {
  private fromMs = Number.POSITIVE_INFINITY;
  private dueMs = Number.POSITIVE_INFINITY;
  private settingsDueMs = Number.POSITIVE_INFINITY;

  /** The server says that it closes the connection so soon. */
  announce(nowMs: number, timeLeftMs: number): void {
    const leftMs = Number.isFinite(timeLeftMs) ? Math.max(0, timeLeftMs) : 0;
    this.fromMs = nowMs;
    this.dueMs = Math.min(this.dueMs, nowMs + Math.max(0, leftMs - reserveMs));
  }

  /** The connection is known to end in so many milliseconds. */
  expect(nowMs: number, endsInMs: number): void {
    this.fromMs = Math.min(this.fromMs, nowMs + Math.max(0, endsInMs - searchMs));
    this.dueMs = Math.min(this.dueMs, nowMs + Math.max(0, endsInMs - reserveMs));
  }

  /** The connection has outdated settings. `patient`: they may stay until a quiet moment. */
  outdated(nowMs: number, patient: boolean): void {
    this.fromMs = Math.min(this.fromMs, nowMs);
    if (!patient) this.settingsDueMs = Math.min(this.settingsDueMs, nowMs + settingsPatienceMs);
  }

  /**
   * `quiet`: as soon as nothing would be disturbed; `now`: whatever it disturbs. `speaking`: what the user says would
   * be lost; unlike the end of a connection, other settings can wait for that.
   */
  wanted(nowMs: number, speaking = false): 'no' | 'quiet' | 'now' {
    const settingsDueMs = this.settingsDueMs + (speaking ? speechPatienceMs : 0);
    if (nowMs >= Math.min(this.dueMs, settingsDueMs)) return 'now';
    return nowMs >= this.fromMs ? 'quiet' : 'no';
  }

  done(): void {
    this.fromMs = Number.POSITIVE_INFINITY;
    this.dueMs = Number.POSITIVE_INFINITY;
    this.settingsDueMs = Number.POSITIVE_INFINITY;
  }
}
