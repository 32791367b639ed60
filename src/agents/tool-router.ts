import type { ToolOutcome } from '../contract/inputs.js';
import type { ToolSpec } from '../contract/settings.js';
import type { ApprovalAnswer, CallWatch, ToolCall, ToolRunner } from '../tools/definition/tool.js';

/** Outcomes that are kept, so that a call that a provider repeats is not run twice. */
const mostCalls = 64;
const mostAnswers = 32;
/** Earlier runners whose tools may still be called by an answer that started before a handoff. */
const mostEarlier = 4;

/**
 * Sends each call to the tools of the right agent: those that were current when its answer made its first call. So a
 * handoff does not take away the tools of other calls in the same answer.
 */
export class ToolRouter implements ToolRunner {
  private current: ToolRunner | undefined;
  private earlier: ToolRunner[] = [];
  private readonly answers = new Map<string, ToolRunner>();
  private readonly calls = new Map<
    string,
    { readonly runner: ToolRunner; readonly outcome: Promise<ToolOutcome> }
  >();
  private readonly running = new Map<string, ToolRunner>();
  private closed = false;

  /** `finish` gets every outcome first, and returns the one to use. */
  constructor(private readonly finish: (callId: string, outcome: ToolOutcome) => ToolOutcome) {}

  get specs(): readonly ToolSpec[] {
    return this.current?.specs ?? [];
  }

  /** Makes these the current tools. */
  use(runner: ToolRunner): void {
    if (this.closed) runner.close();
    if (this.current !== undefined) this.earlier = [this.current, ...this.earlier].slice(0, mostEarlier);
    this.current = runner;
  }

  run(call: ToolCall, watch?: CallWatch): Promise<ToolOutcome> {
    const known = this.calls.get(call.callId);
    if (known !== undefined) return known.outcome;
    const runner = this.runnerOf(call);
    this.running.set(call.callId, runner);
    const outcome = runner.run(call, watch).then((ended) => {
      this.running.delete(call.callId);
      return this.finish(call.callId, ended);
    });
    remember(this.calls, call.callId, { runner, outcome }, mostCalls);
    return outcome;
  }

  approve(callId: string, answer?: ApprovalAnswer): boolean {
    return this.running.get(callId)?.approve(callId, answer) ?? false;
  }

  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean {
    return this.running.get(callId)?.reject(callId, answer) ?? false;
  }

  cancel(callId: string, reason: string): void {
    this.running.get(callId)?.cancel(callId, reason);
  }

  close(): void {
    this.closed = true;
    for (const runner of new Set([...this.running.values(), ...this.earlier])) runner.close();
    this.current?.close();
  }

  private runnerOf({ name, responseId }: ToolCall): ToolRunner {
    if (this.current === undefined) throw new Error('a tool was called before the first agent started');
    const known = responseId === undefined ? undefined : this.answers.get(responseId);
    const runner = known ?? this.current;
    if (responseId !== undefined) remember(this.answers, responseId, runner, mostAnswers);
    if (offers(runner, name)) return runner;
    // An answer that started before a handoff may make its first call after it.
    return this.earlier.find((before) => offers(before, name)) ?? runner;
  }
}

function offers({ specs }: ToolRunner, name: string): boolean {
  return specs.some((spec) => spec.name === name);
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > most && !oldest.done) map.delete(oldest.value);
}
