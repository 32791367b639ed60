import type { z } from 'zod';
import type { ToolOutcome } from '../conversation/inputs.js';
import type { ToolSpec } from '../conversation/settings.js';

export interface ToolContext {
  /** Aborted on time-out, barge-in where the tool asks for it, and at the end of the session. */
  readonly signal: AbortSignal;
  readonly callId: string;
  /** Spoken language of the session, ISO 639-1, if known. */
  readonly language?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A local function the model may call. `parameters` is a zod object or a JSON Schema of type object; arguments are
 * validated before `execute` runs. The result is text, or anything JSON can hold.
 */
export interface Tool<Parameters extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly parameters: Parameters | Readonly<Record<string, unknown>>;
  /** Default 10,000. */
  readonly timeoutMs?: number | undefined;
  execute(args: never, context: ToolContext): unknown;
}

/** Runs calls; never throws, never blocks: every way a call can end is an outcome the model can be told. */
export interface ToolRunner {
  readonly specs: readonly ToolSpec[];
  run(call: {
    readonly callId: string;
    readonly name: string;
    readonly arguments: string;
  }): Promise<ToolOutcome>;
  cancel(callId: string, reason: string): void;
  /** Cancels everything. */
  close(): void;
}
