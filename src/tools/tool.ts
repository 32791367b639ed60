import type { z } from 'zod';
import type { ToolOutcome } from '../contract/inputs.js';
import type { ToolSpec } from '../contract/settings.js';

export interface ToolContext {
  /** Aborted on time-out, when the call is cancelled, and at the end of the session. */
  readonly signal: AbortSignal;
  readonly callId: string;
  /** Spoken language of the session, ISO 639-1, if known. */
  readonly language?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the program gave the session for its tools, guardrails and agents. */
  readonly context: unknown;
  /** Tells the user how far it is. */
  progress(update: ToolProgress): void;
}

export interface ToolProgress {
  readonly message?: string | undefined;
  /** Done so far, out of `total` where that is known. */
  readonly progress?: number | undefined;
  readonly total?: number | undefined;
}

/** `ask`: somebody allows each call, or all of this session at once; `always`: each call anew, whatever was allowed before. */
export const approvalRules = ['never', 'ask', 'always'] as const;
export type Approval = (typeof approvalRules)[number];

interface ApprovalRule<Args> {
  /** Whether this call has to be allowed; true = as `ask`. A method, so that its arguments may have a narrower type, as in `execute`. */
  decide(args: Args, context: ToolContext): boolean | Promise<boolean>;
}

/** How a tool says whether somebody has to allow a call of it; a function decides by the arguments. */
export type ApprovalFor<Args> = Approval | ApprovalRule<Args>['decide'];

/** What a guardrail on a tool's input sees, before anybody is asked and before the tool runs. */
export interface ToolInput {
  readonly name: string;
  readonly callId: string;
  /** Validated. */
  readonly args: unknown;
  readonly context: unknown;
  readonly signal: AbortSignal;
}

export interface ToolInputGuardrail {
  readonly name: string;
  /**
   * Undefined or true lets the call pass. A text refuses it: the model is told so. `{ raise }` ends the session.
   */
  check(input: ToolInput): ToolInputVerdict | Promise<ToolInputVerdict>;
}

export type ToolInputVerdict = undefined | true | string | { readonly raise: string };

/** A JSON Schema of type object, draft 4 to 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A local function the model may call. Arguments are validated before `execute` runs. Make one with `defineTool`, which
 * knows the type of the arguments.
 */
export interface Tool {
  /** 1 to 64 letters, digits, `_` or `-`; what the model calls it by. */
  readonly name: string;
  /** For the model: what it does and when to use it. */
  readonly description: string;
  /** A zod object or a JSON Schema; absent = takes no arguments. */
  readonly parameters?: z.core.$ZodType | JsonSchema | undefined;
  /** Milliseconds; overrides the runner's. */
  readonly timeoutMs?: number | undefined;
  /** False: the model may go on talking while it runs, where the provider knows that. Default true. */
  readonly blocking?: boolean | undefined;
  /** Whether somebody has to allow a call; a function decides by its arguments, true = as `ask`. Default `never`. */
  readonly approval?: ApprovalFor<unknown> | undefined;
  /** What a time-out does: the model is told so (default), or the session ends with the code for "stopped by a tool". */
  readonly onTimeout?: 'error-as-result' | 'raise' | undefined;
  /** A call is given up as soon as the user interrupts. Default false. */
  readonly cancelOnInterrupt?: boolean | undefined;
  /** The model gets the result but is not asked to speak about it. A single result may say so with `backgroundResult`. */
  readonly background?: boolean | undefined;
  readonly inputGuardrails?: readonly ToolInputGuardrail[] | undefined;
  /**
   * The result is text, or anything JSON can hold; nothing at all means "done". What it throws is told to the model in
   * words; throw a `ToolError` to choose the words.
   */
  execute(args: unknown, context: ToolContext): unknown;
}

export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it; may be broken. */
  readonly arguments: string;
  /** The answer it belongs to, where several agents share a session: its tools are those of the agent that gave it. */
  readonly responseId?: string | undefined;
}

/** Whoever wants to know what becomes of a call while it is on its way. */
export interface CallWatch {
  /** `remember`: an answer may count for all calls of the tool; false where each one is asked about. */
  approvalRequired(remember: boolean): void;
  /** It runs now; of tools that may ask only. */
  began(): void;
  progressed(update: ToolProgress): void;
  guardrailTripped(guardrail: string, message: string): void;
}

export interface ApprovalAnswer {
  /** For all calls of this tool in this session, where the tool does not ask each time. */
  readonly always?: boolean | undefined;
}

/** Runs calls; never throws: every way a call can end is an outcome the model can be told. */
export interface ToolRunner {
  readonly specs: readonly ToolSpec[];
  /** Never rejects. A second run of the same `callId` gets the outcome of the first. */
  run(call: ToolCall, watch?: CallWatch): Promise<ToolOutcome>;
  /** Returns whether there was a call that waited for it. */
  approve(callId: string, answer?: ApprovalAnswer): boolean;
  /** `message`: what the model is told. Returns whether there was a call that waited for it. */
  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean;
  /** Aborts the tool's signal and answers at once. Unknown and finished calls do no harm. */
  cancel(callId: string, reason: string): void;
  /** Cancels everything; later calls are refused. */
  close(): void;
}
