import type { z } from 'zod';
import type { JsonSchema, Tool, ToolContext } from './tool.js';

interface Described {
  readonly name: string;
  readonly description: string;
  /** Milliseconds; overrides the runner's. */
  readonly timeoutMs?: number | undefined;
  /** False: the model may go on talking while it runs, where the provider knows that. Default true. */
  readonly blocking?: boolean | undefined;
}

/** A tool whose arguments a zod object describes: `execute` gets them parsed, with defaults filled in. */
export interface ZodTool<Parameters extends z.ZodObject> extends Described {
  readonly parameters: Parameters;
  execute(args: z.output<Parameters>, context: ToolContext): unknown;
}

/** A tool whose arguments a JSON Schema describes: `execute` gets them validated, as the model wrote them. */
export interface JsonSchemaTool extends Described {
  readonly parameters?: JsonSchema | undefined;
  execute(args: Readonly<Record<string, unknown>>, context: ToolContext): unknown;
}

/** Gives a tool definition its types; does nothing at run time. */
export function defineTool<Parameters extends z.ZodObject>(tool: ZodTool<Parameters>): Tool;
export function defineTool(tool: JsonSchemaTool): Tool;
export function defineTool(tool: Tool): Tool {
  return tool;
}
