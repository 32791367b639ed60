import type { Settings } from '../../config/settings.js';
import type { Tool } from '../../tools/definition/tool.js';
import { loadTools } from '../../tools/load-tools.js';

type Source = Pick<Settings, 'weather' | 'env' | 'team'>;

/**
 * The tools that the configuration names: built-in tools, modules and programs.
 * @throws VoxtermError exit 3 for a tool that cannot be loaded.
 */
export async function configuredTools(
  entries: Settings['tools'],
  { weather, env, team }: Source,
): Promise<Tool[]> {
  const named = entries.filter((entry) => typeof entry === 'string');
  const commands = entries.filter((entry) => typeof entry !== 'string');
  const tools = await loadTools(named, { weather, env });
  if (commands.length > 0) {
    const { createCommandTool } = await import('../../tools/command/command-tool.js');
    const { programs } = team;
    for (const command of commands) {
      const directory = command.cwd ?? process.cwd();
      tools.push(createCommandTool(command, { programs, env, directory }));
    }
  }
  return tools;
}
