import { isObject, type JsonObject } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import { RecentIds } from '../../../contract/recent-ids.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;
/** The event that carried the item: `done` ends a call, whatever the item contains. */
type Frame = 'added' | 'done' | 'output';

const mostRemembered = 256;

/**
 * Follows MCP tools that run at the provider. At OpenAI such a call ends its response, and the model speaks about the
 * result only when asked for the next response, so the start and end of every call are reported. The user is told about
 * a server whose tools could not be listed, a call that failed, and a request for approval, which cannot be answered
 * here. Items arrive twice (`conversation.item.*` and `response.output_item.*`); each fact is reported once.
 */
export class McpMemory {
  private readonly labels = new Map<string, string>();
  private readonly reported = new RecentIds(mostRemembered);

  /** `endsResponse`: the model speaks about the result of a call only when asked for another response. */
  constructor(private readonly endsResponse: boolean) {}

  /** Takes every item of the server. Returns the events it causes. */
  item(wire: JsonObject, frame: Frame): ModelEvent[] {
    if (typeof wire.type !== 'string' || !wire.type.startsWith('mcp_') || typeof wire.id !== 'string')
      return [];
    const label = typeof wire.server_label === 'string' ? wire.server_label : 'unnamed';
    const tool = typeof wire.name === 'string' ? wire.name : 'unnamed';
    switch (wire.type) {
      case 'mcp_list_tools':
        this.remember(wire.id, label);
        return [];
      case 'mcp_approval_request':
        return this.once(wire.id, {
          code: 'mcp.approval',
          message: `The MCP server "${label}" asked for approval to run its tool "${tool}", which cannot be given during a session.`,
          hint: `Allow it beforehand: "requireApproval": "never" for "${label}".`,
          facts: { server: label, options: ['settings.serverTools'] },
        });
      case 'mcp_call': {
        const { id, error } = wire;
        const message = `The tool "${tool}" of the MCP server "${label}" failed: ${reason(error)}`;
        const failed = isObject(error) ? this.once(id, { code: 'mcp.failed', message }) : [];
        const over = frame === 'done' || isObject(error) || typeof wire.output === 'string';
        return [...failed, ...(over ? this.ended(id) : this.started(id))];
      }
      default:
        return [];
    }
  }

  /** `response.mcp_call.completed` and `.failed`. */
  callOver({ item_id: itemId }: JsonObject): ModelEvent[] {
    return typeof itemId === 'string' ? this.ended(itemId) : [];
  }

  private started(itemId: string): ModelEvent[] {
    return this.endsResponse && this.isNew('started', itemId)
      ? [{ type: 'server.tool.started', itemId }]
      : [];
  }

  private ended(itemId: string): ModelEvent[] {
    return this.endsResponse && this.isNew('ended', itemId) ? [{ type: 'server.tool.done', itemId }] : [];
  }

  listFailed(frame: JsonObject): ErrorEvent[] {
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

  private once(id: string, words: Pick<ErrorEvent, 'code' | 'message' | 'hint' | 'facts'>): ErrorEvent[] {
    return this.isNew(words.code, id) ? [{ type: 'error', ...words, fatal: false, source: 'provider' }] : [];
  }

  private isNew(what: string, id: string): boolean {
    const key = `${what} ${id}`;
    if (this.reported.has(key)) return false;
    this.reported.add(key);
    return true;
  }
}

function reason(error: unknown): string {
  return isObject(error) && typeof error.message === 'string' ? error.message : 'the server gave no reason.';
}
