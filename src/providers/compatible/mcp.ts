import type { ModelEvent } from '../../conversation/events.js';
import { RecentIds } from '../../conversation/recent-ids.js';
import { isObject, type WireObject } from './wire.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;

const mostRemembered = 256;

/**
 * Tools of MCP servers run at the provider, so most of what it tells about them needs no answer from us. What the user has to
 * know: a server whose tools could not be listed, a call that failed, and a question for approval, which nobody here can
 * answer. Items are told twice (`conversation.item.*` and `response.output_item.*`); each is reported once.
 */
export class McpMemory {
  private readonly labels = new Map<string, string>();
  private readonly reported = new RecentIds(mostRemembered);

  /** Looks at every item of the server. Returns what the user has to know about it. */
  item(wire: WireObject): ErrorEvent[] {
    if (typeof wire.type !== 'string' || !wire.type.startsWith('mcp_') || typeof wire.id !== 'string')
      return [];
    const label = typeof wire.server_label === 'string' ? wire.server_label : 'without a name';
    const tool = typeof wire.name === 'string' ? wire.name : 'without a name';
    switch (wire.type) {
      case 'mcp_list_tools':
        this.remember(wire.id, label);
        return [];
      case 'mcp_approval_request':
        return this.once(wire.id, {
          code: 'mcp.approval',
          message: `The MCP server "${label}" wants approval to run its tool "${tool}", and there is nobody to give it.`,
          hint: `Allow it beforehand: "requireApproval": "never" for "${label}" in the configuration.`,
        });
      case 'mcp_call':
        if (!isObject(wire.error)) return [];
        return this.once(wire.id, {
          code: 'mcp.failed',
          message: `The tool "${tool}" of the MCP server "${label}" failed: ${reason(wire.error)}`,
        });
      default:
        return [];
    }
  }

  listFailed(frame: WireObject): ErrorEvent[] {
    const { item_id: itemId } = frame;
    const label = typeof itemId === 'string' ? this.labels.get(itemId) : undefined;
    const server = label === undefined ? 'an MCP server' : `the MCP server "${label}"`;
    return this.once(typeof itemId === 'string' ? itemId : '', {
      code: 'mcp.unavailable',
      message: `The provider could not list the tools of ${server}; the model goes on without them.`,
      hint: 'Check the url of the server, its authorization, and that the provider can reach it.',
    });
  }

  private remember(itemId: string, label: string): void {
    const [oldest] = this.labels.keys();
    if (this.labels.size >= mostRemembered && oldest !== undefined) this.labels.delete(oldest);
    this.labels.set(itemId, label);
  }

  private once(id: string, words: Pick<ErrorEvent, 'code' | 'message' | 'hint'>): ErrorEvent[] {
    const key = `${words.code} ${id}`;
    if (this.reported.has(key)) return [];
    this.reported.add(key);
    return [{ type: 'error', ...words, fatal: false, source: 'provider' }];
  }
}

function reason(error: WireObject): string {
  return typeof error.message === 'string' ? error.message : 'no reason given.';
}
