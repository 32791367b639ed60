import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { ToolOutcome } from '../contract/inputs.js';
import type { ToolSpec } from '../contract/settings.js';
import { approvalOf, mayAsk, ruleFor } from './approval/approval-rules.js';
import { Approvals } from './approval/approvals.js';
import { PendingApprovals } from './approval/pending-approvals.js';
import { CallOutcomes, idUsedBefore } from './calls/call-outcomes.js';
import type { ToolErrorFormatter } from './calls/failure-outcome.js';
import { failed, reworded } from './calls/failure-outcome.js';
import { checkInputGuardrails } from './calls/input-guardrails.js';
import { ProgressThrottle } from './calls/progress-throttle.js';
import { readArguments } from './calls/read-arguments.js';
import { readProgress } from './calls/read-progress.js';
import { type CallStages, RunningCall } from './calls/running-call.js';
import { toolEnvironment } from './calls/tool-environment.js';
import { type Parameters, readParameters } from './definition/parameters.js';
import { invalid, readDefinition, readGuardrails } from './definition/read-definition.js';
import type {
  Approval,
  ApprovalAnswer,
  CallWatch,
  Tool,
  ToolCall,
  ToolContext,
  ToolInputGuardrail,
  ToolRunner,
} from './definition/tool.js';

export interface ToolRunnerOptions {
  /** For tools without their own time-out. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Longest result, as UTF-8; a longer one is truncated and marked so. Default 64 KiB. */
  readonly maxOutputBytes?: number | undefined;
  /** Spoken language of the session, ISO 639-1. */
  readonly language?: string | undefined;
  /** Tools see it without the keys of the providers. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of further variables that tools do not see. */
  readonly secretVariables?: readonly string[] | undefined;
  /** Passed to the tools unchanged. */
  readonly context?: unknown;
  /** What the user allowed and refused for the whole session; shared by the runners of one session. */
  readonly approvals?: Approvals | undefined;
  /** Whether tools ask, by their names or by patterns with `*`; overrides the tools' own setting. */
  readonly approvalRules?: Readonly<Record<string, Approval>> | undefined;
  /** For all tools; they run before the tools' own. */
  readonly inputGuardrails?: readonly ToolInputGuardrail[] | undefined;
  /** Rewrites the message for the model when a call fails; undefined leaves it unchanged. */
  readonly errorFormatter?: ToolErrorFormatter | undefined;
  /**
   * False: there is no user to ask (a script), so a call that was not allowed beforehand is refused at once. Default
   * true.
   */
  readonly asksSomebody?: boolean | undefined;
  /** How long a call waits for permission before it counts as refused. Default 60,000. */
  readonly approvalTimeoutMs?: number | undefined;
  /** Milliseconds from any origin. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

interface RegisteredTool {
  readonly tool: Tool;
  readonly parameters: Parameters;
}

/**
 * Makes tools callable. Their specs are computed once, here. @throws VoxtermError exit 3 for an invalid definition or
 * schema, and for two tools of one name.
 */
export function createToolRunner(tools: readonly Tool[], options: ToolRunnerOptions): ToolRunner {
  const registered = new Map<string, RegisteredTool>();
  for (const [index, given] of tools.entries()) {
    const defined = readDefinition(given, `Tool ${index + 1} of ${tools.length}`);
    const rule = ruleFor(defined.name, options.approvalRules ?? {});
    const tool = rule === undefined ? defined : { ...defined, approval: rule };
    if (registered.has(tool.name)) throw duplicate(tool.name);
    registered.set(tool.name, { tool, parameters: parametersOf(tool) });
  }
  const guardrails = readGuardrails(options.inputGuardrails, 'The tool runner') ?? [];
  return new Runner(registered, guardrails, options);
}

class Runner implements ToolRunner {
  readonly specs: readonly ToolSpec[];
  private readonly outcomes = new CallOutcomes();
  private readonly running = new Map<string, RunningCall>();
  private readonly pending: PendingApprovals;
  private closed = false;
  private readonly toolEnv: ToolContext['env'];

  constructor(
    private readonly tools: ReadonlyMap<string, RegisteredTool>,
    private readonly guardrails: readonly ToolInputGuardrail[],
    private readonly options: ToolRunnerOptions,
  ) {
    this.specs = [...tools.values()].map(specOf);
    this.toolEnv = toolEnvironment(options.env, options.secretVariables ?? []);
    const {
      approvals = new Approvals(),
      asksSomebody = true,
      approvalTimeoutMs: timeoutMs = 60_000,
    } = options;
    this.pending = new PendingApprovals({ approvals, asksSomebody, timeoutMs });
  }

  run(call: ToolCall, watch?: CallWatch): Promise<ToolOutcome> {
    const known = this.outcomes.of(call);
    if (known === 'conflict') return Promise.resolve(this.reword(call, idUsedBefore(call.name)));
    if (known !== undefined) return known;
    const outcome = this.start(call, watch).then((ended) => this.reword(call, ended));
    this.outcomes.add(call, outcome, (callId) => this.running.has(callId));
    return outcome;
  }

  approve(callId: string, answer?: ApprovalAnswer): boolean {
    return this.pending.approve(callId, answer);
  }

  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean {
    return this.pending.reject(callId, answer);
  }

  cancel(callId: string, reason: string): void {
    this.running.get(callId)?.cancel(reason);
  }

  close(): void {
    this.closed = true;
    for (const call of [...this.running.values()]) call.cancel('the session ended');
  }

  private reword(call: ToolCall, outcome: ToolOutcome): ToolOutcome {
    return reworded(outcome, call, this.options.errorFormatter, this.maxOutputBytes);
  }

  private async start(call: ToolCall, watch: CallWatch | undefined): Promise<ToolOutcome> {
    if (this.closed) return failed('cancelled', `${call.name} was not run: the session ended.`, 0);
    const found = this.tools.get(call.name);
    if (found === undefined) return failed('tool.unknown', this.unknown(call.name), 0);
    const running = this.execute(call, found, watch);
    this.running.set(call.callId, running);
    try {
      return await running.outcome;
    } finally {
      this.running.delete(call.callId);
    }
  }

  private execute(call: ToolCall, found: RegisteredTool, watch: CallWatch | undefined): RunningCall {
    const { tool } = found;
    const limits = {
      timeoutMs: tool.timeoutMs ?? this.options.timeoutMs ?? 10_000,
      raisesTimeout: tool.onTimeout === 'raise',
      quiet: tool.background === true,
      maxOutputBytes: this.maxOutputBytes,
      now: this.options.now ?? (() => performance.now()),
    };
    const progress = new ProgressThrottle((update) => {
      if (!running.over) watch?.progressed(update);
    });
    const running: RunningCall = new RunningCall(call.name, limits, this.options.env, (stages) => {
      const report = (update: unknown) => {
        const told = readProgress(update);
        if (told !== undefined && !running.over) progress.report(told);
      };
      return this.work(call, found, stages, report, watch).finally(() => progress.finish());
    });
    return running;
  }

  private async work(
    { callId, name, arguments: text }: ToolCall,
    { tool, parameters }: RegisteredTool,
    stages: CallStages,
    progress: ToolContext['progress'],
    watch: CallWatch | undefined,
  ): Promise<unknown> {
    const { env, language, context: given } = this.options;
    const { signal } = stages;
    signal.throwIfAborted();
    const args = await readArguments(name, text, parameters);
    signal.throwIfAborted();
    const guardrails = [...this.guardrails, ...(tool.inputGuardrails ?? [])];
    await checkInputGuardrails(guardrails, { name, callId, args, context: given, signal }, env, watch);
    const context: ToolContext = { signal, callId, language, env: this.toolEnv, context: given, progress };
    const approval = await approvalOf(tool, args, context);
    signal.throwIfAborted();
    if (approval !== 'never') {
      await this.pending.pass({ callId, name, approval, signal }, () => {
        stages.waits();
        watch?.approvalRequired(approval === 'ask');
      });
      signal.throwIfAborted();
    }
    stages.runs();
    if (mayAsk(tool)) watch?.began();
    return await tool.execute(args, context);
  }

  private get maxOutputBytes(): number {
    return this.options.maxOutputBytes ?? 65_536;
  }

  private unknown(name: string): string {
    const names = [...this.tools.keys()];
    const offer = names.length === 0 ? 'There are no tools.' : `Available tools: ${names.join(', ')}.`;
    return `There is no tool named ${JSON.stringify(name.slice(0, 80))}. ${offer}`;
  }
}

function specOf({ tool, parameters }: RegisteredTool): ToolSpec {
  const { name, description, blocking, cancelOnInterrupt } = tool;
  return {
    name,
    description,
    parameters: parameters.schema,
    ...(blocking !== undefined && { blocking }),
    ...(mayAsk(tool) && { mayAsk: true }),
    ...(cancelOnInterrupt === true && { cancelOnInterrupt }),
  };
}

function parametersOf(tool: Tool): Parameters {
  try {
    return readParameters(tool);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'its parameters cannot be read';
    throw invalid(
      `"${tool.name}"`,
      why.replace(/\.$/, ''),
      'Describe the arguments with a zod object of JSON-compatible types, or with a JSON Schema of type object.',
    );
  }
}

function duplicate(name: string): VoxtermError {
  return new VoxtermError(`Two tools are named "${name}".`, {
    code: 'tool.duplicate',
    exitCode: ExitCode.configuration,
    hint: 'The model calls a tool by its name: rename or remove one of them.',
  });
}
