import { version } from '../../base/version.js';
import { keyHolder } from '../../config/keys.js';
import { readMcpFile } from '../../config/mcp/mcp-file.js';
import { mcpServersOf } from '../../config/mcp/mcp-servers.js';
import type { Settings } from '../../config/settings.js';
import type { McpServerOptions, McpServers } from '../../tools/mcp/mcp-server.js';

type Log = ((line: string) => void) | undefined;

/**
 * The MCP servers that are configured; of two with one name that of `--mcp-config`, then that of the configuration,
 * then that of the project.
 * @throws VoxtermError exit 3 with the place of the error, or the missing variable.
 */
export async function configuredServers(
  { team, env, keyVariables }: Pick<Settings, 'team' | 'env' | 'keyVariables'>,
  ofProject: readonly McpServerOptions[] = [],
): Promise<readonly McpServerOptions[]> {
  const isKey = keyHolder(keyVariables, env);
  const named = team.mcpConfig === undefined ? [] : await readMcpFile(team.mcpConfig, env, isKey);
  const configured = team.mcpSources.flatMap(({ section, origin }) => mcpServersOf(section, origin, env));
  const servers = new Map<string, McpServerOptions>();
  for (const server of [...named, ...configured, ...ofProject]) {
    if (!servers.has(server.name)) servers.set(server.name, server);
  }
  return [...servers.values()];
}

/** Connects to the servers; the MCP client is loaded only now. */
export async function connectServers(
  servers: readonly McpServerOptions[],
  { env, insecure }: Pick<Settings, 'env' | 'insecure'>,
  log: Log,
): Promise<McpServers> {
  const { createMcpServers } = await import('../../tools/mcp/mcp-servers.js');
  return createMcpServers(servers, { env, version: version(), insecure, log });
}
