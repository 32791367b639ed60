import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Tool } from '../tools/definition/tool.js';

export interface ToolSource {
  /** For errors, for example `agent "billing"`. */
  readonly origin: string;
  readonly tools: readonly Tool[];
}

/**
 * The tools of all sources; a tool from several sources counts once.
 * @throws VoxtermError exit 3 for two different tools of one name.
 */
export function mergeTools(sources: readonly ToolSource[]): readonly Tool[] {
  const known = new Map<string, { readonly tool: Tool; readonly origin: string }>();
  for (const { origin, tools } of sources) {
    for (const tool of tools) {
      const other = known.get(tool.name);
      if (other === undefined) known.set(tool.name, { tool, origin });
      else if (other.tool !== tool) throw duplicate(tool.name, other.origin, origin);
    }
  }
  return [...known.values()].map(({ tool }) => tool);
}

function duplicate(name: string, first: string, second: string): VoxtermError {
  const where = first === second ? `both are from ${first}` : `one is from ${first}, one from ${second}`;
  return new VoxtermError(`Two tools are named "${name}": ${where}.`, {
    code: 'tool.duplicate',
    exitCode: ExitCode.configuration,
    hint: 'The model calls a tool by its name: rename or remove one of them.',
  });
}
