import type { z } from 'zod';
import type { ApprovalFor, JsonSchema, Tool, ToolContext, ToolInputGuardrail } from './tool.js';

interface Described {
  readonly name: string;
  readonly description: string;
  /** Milliseconds; overrides the time-out of the tool runner. */
  readonly timeoutMs?: number | undefined;
  /** False: the model may keep talking while the tool runs, where the provider supports that. Default true. */
  readonly blocking?: boolean | undefined;
  /**
   * What a time-out does: the model is told so (default), or the session ends with the code for "stopped by a tool".
   */
  readonly onTimeout?: 'error-as-result' | 'raise' | undefined;
  /** A call is cancelled as soon as the user interrupts. Default false. */
  readonly cancelOnInterrupt?: boolean | undefined;
  /** The model gets the result but is not asked to speak about it. For a single result use `backgroundResult`. */
  readonly background?: boolean | undefined;
  /** Run after the arguments were validated and before the user is asked. */
  readonly inputGuardrails?: readonly ToolInputGuardrail[] | undefined;
}

/** A tool whose arguments a zod object describes: `execute` gets them parsed, with defaults filled in. */
export interface ZodTool<Parameters extends z.ZodObject> extends Described {
  readonly parameters: Parameters /** Whether a call needs permission; a function decides by the arguments. Default `never`. */;
  readonly approval?: ApprovalFor<z.output<Parameters>> | undefined;
  execute(args: z.output<Parameters>, context: ToolContext): unknown;
}

/** A tool whose arguments a JSON Schema describes: `execute` gets them validated, as the model wrote them. */
export interface JsonSchemaTool extends Described {
  readonly parameters?:
    | JsonSchema
    | undefined /** Whether a call needs permission; a function decides by the arguments. Default `never`. */;
  readonly approval?: ApprovalFor<Readonly<Record<string, unknown>>> | undefined;
  execute(args: Readonly<Record<string, unknown>>, context: ToolContext): unknown;
}

/** Types a tool definition; does nothing at run time. */
export function defineTool<Parameters extends z.ZodObject>(tool: ZodTool<Parameters>): Tool;
export function defineTool(tool: JsonSchemaTool): Tool;
export function defineTool(tool: Tool): Tool {
  return tool;
}
