import type { z } from 'zod';
import type { ToolOutcome } from '../conversation/inputs.js';
import type { ToolSpec } from '../conversation/settings.js';

export interface ToolContext {
  /** Aborted on time-out, when the call is cancelled, and at the end of the session. */
  readonly signal: AbortSignal;
  readonly callId: string;
  /** Spoken language of the session, ISO 639-1, if known. */
  readonly language?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

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
}

/** Runs calls; never throws: every way a call can end is an outcome the model can be told. */
export interface ToolRunner {
  readonly specs: readonly ToolSpec[];
  /** Never rejects. A second run of the same `callId` gets the outcome of the first. */
  run(call: ToolCall): Promise<ToolOutcome>;
  /** Aborts the tool's signal and answers at once. Unknown and finished calls do no harm. */
  cancel(callId: string, reason: string): void;
  /** Cancels everything; later calls are refused. */
  close(): void;
}
