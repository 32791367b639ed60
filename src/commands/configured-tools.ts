import type { Settings } from '../config/settings.js';
import { loadTools } from '../tools/modules.js';
import { fitsPattern } from '../tools/name-pattern.js';
import type { Tool } from '../tools/tool.js';

type Source = Pick<Settings, 'weather' | 'env' | 'crew'>;

/**
 * Tools as the configuration names them: built-in ones, modules and programs.
 * @throws VoxtermError exit 3 for one that cannot be had.
 */
export async function configuredTools(
  entries: Settings['tools'],
  { weather, env, crew }: Source,
): Promise<Tool[]> {
  const named = entries.filter((entry) => typeof entry === 'string');
  const commands = entries.filter((entry) => typeof entry !== 'string');
  const tools = await loadTools(named, { weather, env });
  if (commands.length > 0) {
    const { createCommandTool } = await import('../tools/command/command-tool.js');
    const { programs } = crew;
    for (const command of commands) {
      const directory = command.cwd ?? process.cwd();
      tools.push(createCommandTool(command, { programs, env, directory }));
    }
  }
  return tools.map((tool) => withApproval(tool, crew.approvals));
}

/** What the configuration says about asking wins over what a tool says of itself. */
export function withApproval(tool: Tool, approvals: Settings['crew']['approvals']): Tool {
  const exact = Object.hasOwn(approvals, tool.name) ? approvals[tool.name] : undefined;
  const approval =
    exact ?? Object.entries(approvals).find(([pattern]) => fitsPattern(tool.name, pattern))?.[1];
  return approval === undefined ? tool : { ...tool, approval };
}
