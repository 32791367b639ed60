/** What happens to the connection of an MCP server. `changed`: it offers other tools than before. */
export const mcpServerStates = ['connected', 'changed', 'lost', 'restored', 'failed'] as const;
export type McpServerState = (typeof mcpServerStates)[number];
