import type { ToolOutcome } from '../conversation/inputs.js';
import { failed, thrown } from './failure-outcome.js';
import { limitText, resultText } from './result-text.js';
import type { ToolContext } from './tool.js';

export interface CallLimits {
  readonly timeoutMs: number;
  /** Of the result as UTF-8. */
  readonly maxOutputBytes: number;
  /** Milliseconds from any origin. */
  readonly now: () => number;
}

/**
 * One call, from its start to the first thing that ends it: the result, an error, the time-out or a cancellation.
 * Whatever comes later is dropped, so a tool that ignores its signal is left behind.
 */
export class RunningCall {
  readonly outcome: Promise<ToolOutcome>;
  private readonly stop = new AbortController();
  private readonly startedAtMs: number;
  private readonly timer: NodeJS.Timeout;
  private settle: (outcome: ToolOutcome) => void = () => {};

  /** `work` starts with the next microtask, so that whoever starts the call gets its promise first. */
  constructor(
    private readonly name: string,
    private readonly limits: CallLimits,
    private readonly env: ToolContext['env'],
    work: (signal: AbortSignal) => Promise<unknown>,
  ) {
    this.startedAtMs = limits.now();
    this.outcome = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.timer = setTimeout(() => this.timeOut(), limits.timeoutMs);
    void Promise.resolve(this.stop.signal)
      .then(work)
      .then(
        (result) => this.finish(result),
        (error: unknown) => this.fail(error),
      );
  }

  cancel(reason: string): void {
    this.end(failed('cancelled', `${this.name} was cancelled: ${reason}.`, this.durationMs));
    this.abort(reason);
  }

  private get durationMs(): number {
    return Math.max(0, Math.round(this.limits.now() - this.startedAtMs));
  }

  private timeOut(): void {
    const seconds = this.limits.timeoutMs / 1000;
    const message = `${this.name} did not answer within ${seconds} s and was stopped.`;
    this.end(failed('timeout', message, this.durationMs));
    this.abort(message);
  }

  private finish(result: unknown): void {
    if (result instanceof Error) {
      this.fail(result);
      return;
    }
    const written = resultText(result);
    if (written.ok) {
      const output = limitText(written.text, this.limits.maxOutputBytes);
      this.end({ kind: 'finished', output, durationMs: this.durationMs });
    } else {
      const message = `${this.name} ran, but its result cannot be told: ${written.problem}. A tool returns text, or what JSON can hold.`;
      this.end(failed('result.invalid', message, this.durationMs));
    }
  }

  private fail(error: unknown): void {
    const { code, message } = thrown(error, this.env);
    this.end(failed(code, message, this.durationMs));
  }

  /** The first caller wins; a promise settles once. */
  private end(outcome: ToolOutcome): void {
    clearTimeout(this.timer);
    this.settle(outcome);
  }

  private abort(reason: string): void {
    this.stop.abort(new DOMException(reason, 'AbortError'));
  }
}
