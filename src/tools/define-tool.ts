import type { z } from 'zod';
import type { ApprovalFor, JsonSchema, Tool, ToolContext, ToolInputGuardrail } from './tool.js';

interface Described {
  readonly name: string;
  readonly description: string;
  /** Milliseconds; overrides the runner's. */
  readonly timeoutMs?: number | undefined;
  /** False: the model may go on talking while it runs, where the provider knows that. Default true. */
  readonly blocking?: boolean | undefined;
  /** What a time-out does: the model is told so (default), or the session ends with the code for "stopped by a tool". */
  readonly onTimeout?: 'error-as-result' | 'raise' | undefined;
  /** A call is given up as soon as the user interrupts. Default false. */
  readonly cancelOnInterrupt?: boolean | undefined;
  /** The model gets the result but is not asked to speak about it. A single result may say so with `backgroundResult`. */
  readonly background?: boolean | undefined;
  /** Run after the arguments were validated and before anybody is asked. */
  readonly inputGuardrails?: readonly ToolInputGuardrail[] | undefined;
}

/** A tool whose arguments a zod object describes: `execute` gets them parsed, with defaults filled in. */
export interface ZodTool<Parameters extends z.ZodObject> extends Described {
  readonly parameters: Parameters;
  /** Whether somebody has to allow a call; a function decides by the arguments. Default `never`. */
  readonly approval?: ApprovalFor<z.output<Parameters>> | undefined;
  execute(args: z.output<Parameters>, context: ToolContext): unknown;
}

/** A tool whose arguments a JSON Schema describes: `execute` gets them validated, as the model wrote them. */
export interface JsonSchemaTool extends Described {
  readonly parameters?: JsonSchema | undefined;
  /** Whether somebody has to allow a call; a function decides by the arguments. Default `never`. */
  readonly approval?: ApprovalFor<Readonly<Record<string, unknown>>> | undefined;
  execute(args: Readonly<Record<string, unknown>>, context: ToolContext): unknown;
}

/** Gives a tool definition its types; does nothing at run time. */
export function defineTool<Parameters extends z.ZodObject>(tool: ZodTool<Parameters>): Tool;
export function defineTool(tool: JsonSchemaTool): Tool;
export function defineTool(tool: Tool): Tool {
  return tool;
}
