import { realpathSync } from 'node:fs';
import { adviceOn } from '../../cli/advice.js';
import { keyHolder } from '../../config/keys.js';
import {
  giveConsent,
  hasConsent,
  type ProjectMcpFile,
  projectMcpFile,
} from '../../config/mcp/mcp-consent.js';
import { mcpServersIn, type ShownServer, shownServers } from '../../config/mcp/mcp-file.js';
import type { Settings } from '../../config/settings.js';
import { VoxtermError } from '../../contract/failure.js';
import type { McpServerOptions } from '../../tools/mcp/mcp-server.js';

export interface Asking {
  /** Absent if there is no user to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly warn: (message: string, hint?: string) => void;
}

/**
 * The MCP servers in `.mcp.json` of this directory, if the user agreed to exactly this file, now or earlier.
 * @throws VoxtermError exit 3 if the user agreed to the file but it is invalid.
 */
export async function agreedServers(
  { team, env, keyVariables }: Pick<Settings, 'team' | 'env' | 'keyVariables'>,
  { confirm, warn }: Asking,
  directory: string = process.cwd(),
): Promise<readonly McpServerOptions[]> {
  const file = await found(directory, warn);
  if (file === undefined || isNamed(file, team.mcpConfig)) return [];
  const isKey = keyHolder(keyVariables, env);
  const options = () => mcpServersIn(file.text, file.path, env, isKey);
  const servers = shownOf(file, warn).filter(({ name, variables }) => {
    const key = variables.find(isKey);
    if (key !== undefined) warn(withheld(name, key, file), removeKey);
    return key === undefined;
  });
  if (hasConsent(file, env)) return options();
  if (servers.length === 0) return [];
  if (confirm === undefined) {
    const count = servers.length === 1 ? '1 MCP server is' : `${servers.length} MCP servers are`;
    warn(`${count} named in ${file.path}, and not started.`, `Start them with --mcp-config ${file.path}.`);
    return [];
  }
  const list = servers.map(({ text }) => `  ${text}`).join('\n');
  if (
    !(await confirm(`This directory brings MCP servers (${file.path}):\n${list}\nStart them, now and later?`))
  )
    return [];
  try {
    giveConsent(file, env);
  } catch (error) {
    if (!(error instanceof VoxtermError)) throw error;
    warn(error.message, adviceOn(error));
  }
  return options();
}

function withheld(server: string, key: string, { path }: ProjectMcpFile): string {
  return `The MCP server ${server} of ${path} is not used: it asks for ${key}, and keys of providers are not given to a project's servers.`;
}

const removeKey =
  'Remove the variable from the file. A server that you trust with the key goes into your own configuration.';

/** An invalid project file that the user did not ask for must not prevent the conversation. */
async function found(directory: string, warn: Asking['warn']): Promise<ProjectMcpFile | undefined> {
  try {
    return await projectMcpFile(directory);
  } catch (error) {
    if (!(error instanceof VoxtermError)) throw error;
    warn(error.message, adviceOn(error));
    return undefined;
  }
}

function shownOf(file: ProjectMcpFile, warn: Asking['warn']): readonly ShownServer[] {
  try {
    return shownServers(file.text, file.path);
  } catch (error) {
    if (!(error instanceof VoxtermError)) throw error;
    warn(error.message, adviceOn(error));
    return [];
  }
}

function isNamed({ path }: ProjectMcpFile, named: string | undefined): boolean {
  try {
    return named !== undefined && realpathSync(named) === path;
  } catch {
    return false;
  }
}
