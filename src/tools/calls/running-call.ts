import type { ToolOutcome } from '../../contract/inputs.js';
import { Refusal } from '../refusal.js';
import type { ToolContext } from '../tool.js';
import { isBackgroundResult } from './background-result.js';
import { failed, thrown } from './failure-outcome.js';
import { limitText, resultText } from './result-text.js';

export interface CallLimits {
  readonly timeoutMs: number;
  /** A time-out ends the session. */
  readonly raisesTimeout: boolean;
  /** The model is not asked to speak about the result. */
  readonly quiet: boolean;
  /** Of the result as UTF-8. */
  readonly maxOutputBytes: number;
  /** Milliseconds from any origin. */
  readonly now: () => number;
}

/** How far a call is: each stage has a time limit of its own, and that of the tool begins with the tool. */
export interface CallStages {
  readonly signal: AbortSignal;
  /** Somebody is asked; whoever asks keeps the time. */
  waits(): void;
  /** The tool itself begins. */
  runs(): void;
}

/** Reading the arguments, guardrails, and a tool's own idea of whether to ask. */
const checksTimeoutMs = 10_000;

/**
 * One call, from its start to the first thing that ends it: the result, an error, the time-out or a cancellation.
 * Whatever comes later is dropped, so a tool that ignores its signal is left behind.
 */
export class RunningCall {
  readonly outcome: Promise<ToolOutcome>;
  private readonly stop = new AbortController();
  private startedAtMs: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;
  private settle: (outcome: ToolOutcome) => void = () => {};

  /** `work` starts with the next microtask, so that whoever starts the call gets its promise first. */
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

  /** Nothing more will be heard of it. */
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

  /** Of the tool itself: how long somebody took to allow it says nothing about it. */
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
      const message = `${this.name} ran, but its result cannot be told: ${written.problem}. A tool returns text, or what JSON can hold.`;
      this.end(failed('result.invalid', message, this.durationMs));
    }
  }

  private fail(error: unknown): void {
    const { code, message } = thrown(error, this.env);
    const outcome = failed(code, message, this.durationMs);
    this.end(error instanceof Refusal && error.raise ? { ...outcome, raise: true } : outcome);
  }

  /** The first caller wins; a promise settles once. */
  private end(outcome: ToolOutcome): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.settle(outcome);
  }

  private abort(reason: string): void {
    this.stop.abort(new DOMException(reason, 'AbortError'));
  }
}
