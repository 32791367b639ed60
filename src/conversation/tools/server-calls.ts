import { RecentIds } from '../../contract/recent-ids.js';

interface RunningServerCall {
  readonly sinceMs: number;
  /** The user has called the answer off. */
  forgone: boolean;
}

/** A call whose end is never reported must not look like endless thinking. */
const patienceMs = 120_000;

/**
 * Calls of tools that the provider runs itself but does not speak about before it is asked to. Nothing has to be
 * answered; it only has to be known whether one still runs, and whether its result is wanted.
 */
export class ServerCalls {
  private readonly running = new Map<string, RunningServerCall>();
  private readonly ended = new RecentIds();

  get anyRunning(): boolean {
    return this.running.size > 0;
  }

  started(itemId: string, nowMs: number): void {
    if (!this.ended.has(itemId) && !this.running.has(itemId)) {
      this.running.set(itemId, { sinceMs: nowMs, forgone: false });
    }
  }

  /** True once for a call whose result the user still waits for. */
  takeEnded(itemId: string): boolean {
    if (this.ended.has(itemId)) return false;
    this.ended.add(itemId);
    const forgone = this.running.get(itemId)?.forgone ?? false;
    this.running.delete(itemId);
    return !forgone;
  }

  forgoAnswers(): void {
    for (const call of this.running.values()) call.forgone = true;
  }

  tick(nowMs: number): void {
    for (const [itemId, { sinceMs }] of this.running) {
      if (nowMs - sinceMs >= patienceMs) this.running.delete(itemId);
    }
  }

  /** What ran on a connection that is gone will not be heard of again. */
  clear(): void {
    this.running.clear();
  }
}
