import type { NewId, ServerEvent } from '../server-event.js';
import type { ConversationStore } from './conversation-store.js';
import { snapshot } from './items.js';
import type { SessionConfig } from './session-config.js';

type Tools = SessionConfig['tools'];
type McpServer = Extract<Tools[number], { type: 'mcp' }>;

/** Remote servers of tools a session has been told of. Nothing connects to them: their tools are those a client allows. */
export class McpServers {
  private readonly listed = new Set<string>();

  constructor(
    private readonly store: ConversationStore,
    private readonly newId: NewId,
    private readonly send: (event: ServerEvent) => void,
  ) {}

  /** Lists the tools of every server that is new, as the real one does after a change of the session. */
  list(tools: Tools): void {
    for (const server of serversIn(tools)) {
      if (this.listed.has(server.server_label)) continue;
      this.listed.add(server.server_label);
      const head = {
        id: this.newId('item'),
        type: 'mcp_list_tools',
        server_label: server.server_label,
      } as const;
      const found = allowedNames(server).map((name) => ({ name, input_schema: { type: 'object' } }));
      const item = { ...head, tools: found };
      const previousId = this.store.insert(item);
      const placed = { previous_item_id: previousId };
      this.send({ type: 'conversation.item.added', ...placed, item: { ...head, tools: [] } });
      this.send({ type: 'mcp_list_tools.in_progress', item_id: head.id });
      this.send({ type: 'mcp_list_tools.completed', item_id: head.id });
      this.send({ type: 'conversation.item.done', ...placed, item: snapshot(item) });
    }
  }
}

/** Which tools are called by the server itself, with the label of their server. */
export function remoteTools(tools: Tools): ReadonlyMap<string, string> {
  return new Map(
    serversIn(tools).flatMap((server) =>
      allowedNames(server).map((name) => [name, server.server_label] as const),
    ),
  );
}

function serversIn(tools: Tools): McpServer[] {
  return tools.flatMap((tool) => (tool.type === 'mcp' ? [tool] : []));
}

/** A list of names, or a filter that holds one. */
function allowedNames({ allowed_tools: allowed }: McpServer): string[] {
  const names: unknown =
    typeof allowed === 'object' && allowed !== null && 'tool_names' in allowed ? allowed.tool_names : allowed;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}
