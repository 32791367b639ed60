import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import type { ToolOutcome } from '../conversation/inputs.js';
import type { ToolSpec } from '../conversation/settings.js';
import type { Approvals } from './approvals.js';
import { readArguments } from './arguments.js';
import { invalid, readDefinition } from './definition.js';
import type { ToolErrorFormatter } from './failure-outcome.js';
import { failed } from './failure-outcome.js';
import { type Parameters, readParameters } from './parameters.js';
import { RunningCall } from './running-call.js';
import type { Tool, ToolCall, ToolContext, ToolInputGuardrail, ToolRunner } from './tool.js';

export interface ToolRunnerOptions {
  /** For tools that name no time-out of their own. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Longest result, as UTF-8; what is longer is cut and says so. Default 64 KiB. */
  readonly maxOutputBytes?: number | undefined;
  /** Spoken language of the session, ISO 639-1. */
  readonly language?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Given to the tools as it is. */
  readonly context?: unknown;
  /** What was allowed and refused for the whole session; shared by the runners of one session. */
  readonly approvals?: Approvals | undefined;
  /** For all tools, before their own. */
  readonly inputGuardrails?: readonly ToolInputGuardrail[] | undefined;
  /** The words for the model when a call fails; undefined leaves them as they are. */
  readonly errorFormatter?: ToolErrorFormatter | undefined;
  /** How long a call waits to be allowed before it counts as refused. Default 60,000. */
  readonly approvalTimeoutMs?: number | undefined;
  /** Milliseconds from any origin. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

interface RegisteredTool {
  readonly tool: Tool;
  readonly parameters: Parameters;
}

/** Outcomes kept so that a call a provider repeats is not run twice. */
const mostRemembered = 64;

/**
 * Makes tools callable. Their specs are computed here, once.
 * @throws VoxtermError exit 3 for a definition or schema that is none, and for two tools of one name.
 */
export function createToolRunner(tools: readonly Tool[], options: ToolRunnerOptions): ToolRunner {
  const registered = new Map<string, RegisteredTool>();
  for (const [index, given] of tools.entries()) {
    const tool = readDefinition(given, `Tool ${index + 1} of ${tools.length}`);
    if (registered.has(tool.name)) throw duplicate(tool.name);
    registered.set(tool.name, { tool, parameters: parametersOf(tool) });
  }
  return new Registry(registered, options);
}

class Registry implements ToolRunner {
  readonly specs: readonly ToolSpec[];
  private readonly calls = new Map<string, Promise<ToolOutcome>>();
  private readonly running = new Map<string, RunningCall>();
  private closed = false;

  constructor(
    private readonly tools: ReadonlyMap<string, RegisteredTool>,
    private readonly options: ToolRunnerOptions,
  ) {
    this.specs = [...tools.values()].map(
      ({ tool: { name, description, blocking }, parameters: { schema } }) => ({
        name,
        description,
        parameters: schema,
        ...(blocking !== undefined && { blocking }),
      }),
    );
  }

  run(call: ToolCall): Promise<ToolOutcome> {
    const known = this.calls.get(call.callId);
    if (known !== undefined) return known;
    const outcome = this.start(call);
    this.remember(call.callId, outcome);
    return outcome;
  }

  approve(_callId: string): boolean {
    return false;
  }

  reject(_callId: string): boolean {
    return false;
  }

  cancel(callId: string, reason: string): void {
    this.running.get(callId)?.cancel(reason);
  }

  close(): void {
    this.closed = true;
    for (const call of [...this.running.values()]) call.cancel('the session ended');
  }

  private async start(call: ToolCall): Promise<ToolOutcome> {
    if (this.closed) return failed('cancelled', `${call.name} was not run: the session ended.`, 0);
    const found = this.tools.get(call.name);
    if (found === undefined) return failed('tool.unknown', this.unknown(call.name), 0);
    const running = this.execute(call, found);
    this.running.set(call.callId, running);
    try {
      return await running.outcome;
    } finally {
      this.running.delete(call.callId);
    }
  }

  private execute({ callId, name, arguments: text }: ToolCall, { tool, parameters }: RegisteredTool) {
    const { env, language, timeoutMs = 10_000, maxOutputBytes = 65_536 } = this.options;
    const now = this.options.now ?? (() => performance.now());
    const limits = { timeoutMs: tool.timeoutMs ?? timeoutMs, maxOutputBytes, now };
    return new RunningCall(name, limits, env, async (signal) => {
      const args = await readArguments(name, text, parameters);
      signal.throwIfAborted();
      const context: ToolContext = {
        signal,
        callId,
        language,
        env,
        context: this.options.context,
        progress: () => {},
      };
      return await tool.execute(args, context);
    });
  }

  private unknown(name: string): string {
    const names = [...this.tools.keys()];
    const offer = names.length === 0 ? 'There are no tools at all.' : `There are: ${names.join(', ')}.`;
    return `There is no tool named ${JSON.stringify(name.slice(0, 80))}. ${offer}`;
  }

  private remember(callId: string, outcome: Promise<ToolOutcome>): void {
    this.calls.set(callId, outcome);
    if (this.calls.size <= mostRemembered) return;
    // The oldest that is over; a running call is never forgotten.
    for (const old of this.calls.keys()) {
      if (this.running.has(old)) continue;
      this.calls.delete(old);
      return;
    }
  }
}

function parametersOf(tool: Tool): Parameters {
  try {
    return readParameters(tool);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'its parameters cannot be read';
    throw invalid(
      `"${tool.name}"`,
      why.replace(/\.$/, ''),
      'Describe the arguments with a zod object of what JSON can hold, or with a JSON Schema of type object.',
    );
  }
}

function duplicate(name: string): VoxtermError {
  return new VoxtermError(`Two tools are named "${name}".`, {
    code: 'tool.duplicate',
    exitCode: ExitCode.configuration,
    hint: 'The model calls a tool by its name: rename one of them, or leave it out.',
  });
}
