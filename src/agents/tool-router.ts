import type { ToolOutcome } from '../contract/inputs.js';
import type { ToolSpec } from '../contract/settings.js';
import type { ApprovalAnswer, CallWatch, ToolCall, ToolRunner } from '../tools/definition/tool.js';

/** Outcomes that are kept, so that a call that a provider repeats is not run twice. */
const mostCalls = 64;
const mostAnswers = 32;
/** Tools of earlier agents that an answer may still call which began before a handoff. */
const mostEarlier = 4;

interface AgentTools {
  readonly agent: string;
  readonly runner: ToolRunner;
}

/**
 * Sends each call to the tools of the agent that began its answer. So a handoff does not take away the tools of other
 * calls in the same answer, and what begins after it cannot use the tools of an earlier agent.
 */
export class ToolRouter implements ToolRunner {
  private current: AgentTools | undefined;
  private earlier: readonly AgentTools[] = [];
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
    return this.current?.runner.specs ?? [];
  }

  /** This agent has the conversation from now on, with these tools. */
  use(agent: string, runner: ToolRunner): void {
    if (this.closed) runner.close();
    const { current } = this;
    if (current !== undefined && current.agent !== agent) {
      this.earlier = [current, ...this.earlier.filter((before) => before.agent !== current.agent)].slice(
        0,
        mostEarlier,
      );
    }
    this.current = { agent, runner };
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
    const earlier = this.earlier.map(({ runner }) => runner);
    for (const runner of new Set([...this.running.values(), ...earlier])) runner.close();
    this.current?.runner.close();
  }

  private runnerOf({ name, responseId, agent }: ToolCall): ToolRunner {
    const { current } = this;
    if (current === undefined) throw new Error('a tool was called before the first agent started');
    const known = responseId === undefined ? undefined : this.answers.get(responseId);
    const runner = known ?? this.toolsOf(agent, current);
    if (responseId !== undefined) remember(this.answers, responseId, runner, mostAnswers);
    // Where an answer goes on after a handoff that it made itself, it is already the next agent that calls.
    return offers(runner, name) || !offers(current.runner, name) ? runner : current.runner;
  }

  private toolsOf(agent: string | undefined, current: AgentTools): ToolRunner {
    if (agent === undefined || agent === current.agent) return current.runner;
    return this.earlier.find((before) => before.agent === agent)?.runner ?? current.runner;
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
