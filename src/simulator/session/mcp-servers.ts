import type { NewId } from '../core/ids.js';
import type { ServerEvent } from '../core/server-event.js';
import { allowedNames, serversIn, type Tools } from '../requests/remote-tools.js';
import type { ConversationStore } from '../store/conversation-store.js';
import { snapshot } from '../store/items.js';

/** The remote MCP servers of a session. Nothing connects to them: their tools are the ones that the client allows. */
export class McpServers {
  private readonly listed = new Set<string>();

  constructor(
    private readonly store: ConversationStore,
    private readonly newId: NewId,
    private readonly send: (event: ServerEvent) => void,
  ) {}

  /** Lists the tools of every new server, as the real one does after a session update. */
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
