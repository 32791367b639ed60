import type { ToolOutcome } from '../../contract/inputs.js';
import type { ToolContext } from '../definition/tool.js';
import { RefusedCall } from '../definition/tool-error.js';
import { isBackgroundResult } from './background-result.js';
import { failed, thrown } from './failure-outcome.js';
import { limitText, resultText } from './result-text.js';

export interface CallLimits {
  readonly timeoutMs: number;
  /** A time-out ends the session. */
  readonly raisesTimeout: boolean;
  /** The model is not asked to speak about the result. */
  readonly quiet: boolean;
  /** Longest result, as UTF-8. */
  readonly maxOutputBytes: number;
  /** Milliseconds from any origin. */
  readonly now: () => number;
}

/** The stages of a call: each has its own time limit, and the tool's limit starts when the tool starts. */
export interface CallStages {
  readonly signal: AbortSignal;
  /** The user is asked for permission; `PendingApprovals` limits that time. */
  waits(): void;
  /** The tool itself starts. */
  runs(): void;
}

/** For reading the arguments, guardrails, and a tool's own decision whether to ask. */
const checksTimeoutMs = 10_000;

/**
 * One call, from its start to the first thing that ends it: the result, an error, the time-out or a cancellation.
 * Anything later is dropped, so a tool that ignores its signal does not delay the call.
 */
export class RunningCall {
  readonly outcome: Promise<ToolOutcome>;
  private readonly stop = new AbortController();
  private startedAtMs: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;
  private settle: (outcome: ToolOutcome) => void = () => {};

  /** `work` starts in the next microtask, so that the caller gets the promise first. */
  constructor(
    private readonly name: string,
    private readonly limits: CallLimits,
    private readonly env: ToolContext['env'],
    work: (stages: CallStages) => Promise<unknown>,
  ) {
    this.outcome = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.timer = setTimeout(() => this.checksTimeOut(), checksTimeoutMs);
    const stages: CallStages = {
      signal: this.stop.signal,
      waits: () => clearTimeout(this.timer),
      runs: () => this.begin(),
    };
    void Promise.resolve(stages)
      .then(work)
      .then(
        (result) => this.finish(result),
        (error: unknown) => this.fail(error),
      );
  }

  /** The call has its outcome. */
  get over(): boolean {
    return this.ended;
  }

  cancel(reason: string): void {
    this.end(failed('cancelled', `${this.name} was cancelled: ${reason}.`, this.durationMs));
    this.abort(reason);
  }

  private begin(): void {
    clearTimeout(this.timer);
    if (this.ended) return;
    this.startedAtMs = this.limits.now();
    this.timer = setTimeout(() => this.timeOut(), this.limits.timeoutMs);
  }

  /** Duration of the tool itself, without the time spent waiting for permission. */
  private get durationMs(): number {
    if (this.startedAtMs === undefined) return 0;
    return Math.max(0, Math.round(this.limits.now() - this.startedAtMs));
  }

  private timeOut(): void {
    const { timeoutMs, raisesTimeout } = this.limits;
    const message = `${this.name} did not answer within ${timeoutMs / 1000} s and was stopped.`;
    const outcome = failed('timeout', message, this.durationMs);
    this.end(raisesTimeout ? { ...outcome, raise: true } : outcome);
    this.abort(message);
  }

  private checksTimeOut(): void {
    const message = `${this.name} was not run: checking it took longer than ${checksTimeoutMs / 1000} s.`;
    this.end(failed('timeout', message, 0));
    this.abort(message);
  }

  private finish(result: unknown): void {
    if (result instanceof Error) {
      this.fail(result);
      return;
    }
    const inBackground = isBackgroundResult(result);
    const written = resultText(inBackground ? result.value : result);
    if (written.ok) {
      const output = limitText(written.text, this.limits.maxOutputBytes);
      const quiet = inBackground || this.limits.quiet;
      this.end({ kind: 'finished', output, durationMs: this.durationMs, ...(quiet && { quiet }) });
    } else {
      const message = `${this.name} ran, but its result cannot be sent to the model: ${written.problem}. A tool must return text or JSON-compatible data.`;
      this.end(failed('result.invalid', message, this.durationMs));
    }
  }

  private fail(error: unknown): void {
    const { code, message } = thrown(error, this.env);
    const outcome = failed(code, message, this.durationMs);
    this.end(error instanceof RefusedCall && error.raise ? { ...outcome, raise: true } : outcome);
  }

  /** Only the first call has an effect: a promise settles once. */
  private end(outcome: ToolOutcome): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.settle(outcome);
  }

  private abort(reason: string): void {
    this.stop.abort(new DOMException(reason, 'AbortError'));
  }
}
