import type { SessionPatch } from './session-schema.js';

export type Tools = NonNullable<SessionPatch['tools']>;
type McpServer = Extract<Tools[number], { type: 'mcp' }>;

/** Which tools are called by the server itself, with the label of their server. */
export function remoteTools(tools: Tools): ReadonlyMap<string, string> {
  return new Map(
    serversIn(tools).flatMap((server) =>
      allowedNames(server).map((name) => [name, server.server_label] as const),
    ),
  );
}

export function serversIn(tools: Tools): McpServer[] {
  return tools.flatMap((tool) => (tool.type === 'mcp' ? [tool] : []));
}

/** The tools of a server that the client allows: a list of names, or a filter that holds one. */
export function allowedNames({ allowed_tools: allowed }: McpServer): string[] {
  const names: unknown =
    typeof allowed === 'object' && allowed !== null && 'tool_names' in allowed ? allowed.tool_names : allowed;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}
