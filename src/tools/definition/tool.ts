import type { z } from 'zod';
import type { ToolOutcome } from '../../contract/inputs.js';
import type { ToolSpec } from '../../contract/settings.js';

export interface ToolContext {
  /** Aborted on time-out, when the call is cancelled, and at the end of the session. */
  readonly signal: AbortSignal;
  readonly callId: string;
  /** Spoken language of the session, ISO 639-1, if known. */
  readonly language?: string | undefined;
  /** The environment that the program gave, without the keys of providers and engines. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The `context` that the program gave the session for its tools, guardrails and agents. */
  readonly context: unknown;
  /** Reports progress to the user. */
  progress(update: ToolProgress): void;
}

export interface ToolProgress {
  readonly message?: string | undefined;
  /** Done so far, out of `total` if that is known. */
  readonly progress?: number | undefined;
  readonly total?: number | undefined;
}

/**
 * `ask`: the user allows each call, or all calls of this session at once; `always`: every call is asked about, whatever
 * was allowed before.
 */
export const approvalRules = ['never', 'ask', 'always'] as const;
export type Approval = (typeof approvalRules)[number];

interface ApprovalRule<Args> {
  /**
   * Whether this call needs permission; true = as `ask`. A method, so that its arguments may have a narrower type, as
   * in `execute`.
   */
  decide(args: Args, context: ToolContext): boolean | Promise<boolean>;
}

/** Whether calls of a tool need permission; a function decides by the arguments. */
export type ApprovalFor<Args> = Approval | ApprovalRule<Args>['decide'];

/** What an input guardrail of a tool gets, before the user is asked and before the tool runs. */
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
  /** Undefined or true lets the call pass. A text refuses it and is sent to the model. `{ raise }` ends the session. */
  check(input: ToolInput): ToolInputVerdict | Promise<ToolInputVerdict>;
}

export type ToolInputVerdict = undefined | true | string | { readonly raise: string };

/** A JSON Schema of type object, draft 4 to 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A local function that the model may call. Arguments are validated before `execute` runs. Create one with
 * `defineTool`, which infers the type of the arguments.
 */
export interface Tool {
  /** 1 to 64 letters, digits, `_` or `-`; the model calls the tool by this name. */
  readonly name: string;
  /** For the model: what the tool does and when to use it. */
  readonly description: string;
  /** A zod object or a JSON Schema; absent = takes no arguments. */
  readonly parameters?: z.core.$ZodType | JsonSchema | undefined;
  /** Milliseconds; overrides the time-out of the tool runner. */
  readonly timeoutMs?: number | undefined;
  /** False: the model may keep talking while the tool runs, where the provider supports that. Default true. */
  readonly blocking?: boolean | undefined;
  /** Whether a call needs permission; a function decides by the arguments, true = as `ask`. Default `never`. */
  readonly approval?: ApprovalFor<unknown> | undefined;
  /**
   * What a time-out does: the model is told so (default), or the session ends with the code for "stopped by a tool".
   */
  readonly onTimeout?: 'error-as-result' | 'raise' | undefined;
  /** A call is cancelled as soon as the user interrupts. Default false. */
  readonly cancelOnInterrupt?: boolean | undefined;
  /** The model gets the result but is not asked to speak about it. For a single result use `backgroundResult`. */
  readonly background?: boolean | undefined;
  readonly inputGuardrails?: readonly ToolInputGuardrail[] | undefined;
  /**
   * Returns text or JSON-compatible data; undefined means "done". The model gets the message of an error; throw a
   * `ToolError` to choose its words.
   */
  execute(args: unknown, context: ToolContext): unknown;
}

export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it; may be invalid. */
  readonly arguments: string;
  /** The answer it belongs to. */
  readonly responseId?: string | undefined;
  /** With several agents: the one that gave the answer. Its tools are meant. */
  readonly agent?: string | undefined;
}

/** Is told what happens to a call while it is in progress. */
export interface CallWatch {
  /** `remember`: an answer may apply to all calls of the tool; false if every call is asked about. */
  approvalRequired(remember: boolean): void;
  /** The call runs now. Only for tools that may ask for permission. */
  began(): void;
  progressed(update: ToolProgress): void;
  guardrailTripped(guardrail: string, message: string): void;
}

export interface ApprovalAnswer {
  /** For all calls of this tool in this session, unless the tool asks every time. */
  readonly always?: boolean | undefined;
}

/** Runs calls. Never throws: however a call ends, there is an outcome to send to the model. */
export interface ToolRunner {
  readonly specs: readonly ToolSpec[];
  /** Never rejects. A second run of the same `callId` gets the outcome of the first. */
  run(call: ToolCall, watch?: CallWatch): Promise<ToolOutcome>;
  /** Returns whether such a call was waiting for permission. */
  approve(callId: string, answer?: ApprovalAnswer): boolean;
  /** `message` is sent to the model. Returns whether such a call was waiting for permission. */
  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean;
  /** Aborts the tool's signal and settles the call at once. Ignored for unknown and finished calls. */
  cancel(callId: string, reason: string): void;
  /** Cancels everything; later calls are refused. */
  close(): void;
}
