import type { ToolOutcome } from '../contract/inputs.js';
import type { ToolSpec } from '../contract/settings.js';
import { failed } from '../tools/calls/failure-outcome.js';
import type { ApprovalAnswer, CallWatch, ToolCall, ToolRunner } from '../tools/definition/tool.js';

/** Runs calls one at a time, in the order in which the model makes them. */
export class OrderedCalls implements ToolRunner {
  private last: Promise<unknown> = Promise.resolve();
  /** Calls that have not started, each with the reason if it was cancelled. */
  private readonly waiting = new Map<string, string | undefined>();

  constructor(private readonly runner: ToolRunner) {}

  get specs(): readonly ToolSpec[] {
    return this.runner.specs;
  }

  run(call: ToolCall, watch?: CallWatch): Promise<ToolOutcome> {
    const { callId, name } = call;
    this.waiting.set(callId, undefined);
    const outcome = this.last.then(() => {
      const reason = this.waiting.get(callId);
      this.waiting.delete(callId);
      if (reason === undefined) return this.runner.run(call, watch);
      return failed('cancelled', `${name} was cancelled: ${reason}.`, 0);
    });
    this.last = outcome;
    return outcome;
  }

  approve(callId: string, answer?: ApprovalAnswer): boolean {
    return this.runner.approve(callId, answer);
  }

  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean {
    return this.runner.reject(callId, answer);
  }

  cancel(callId: string, reason: string): void {
    if (this.waiting.has(callId)) this.waiting.set(callId, reason);
    else this.runner.cancel(callId, reason);
  }

  close(): void {
    this.runner.close();
  }
}
