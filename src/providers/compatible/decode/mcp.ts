import { isObject, type JsonObject } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import { RecentIds } from '../../../contract/recent-ids.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;
/** Where an item was told of: its own `done` is the end of a call, whatever the item says. */
type Frame = 'added' | 'done' | 'output';

const mostRemembered = 256;

/**
 * Tools of MCP servers run at the provider. At OpenAI a call of one ends its response, and the model speaks about the result only
 * when it is asked for the next one; so the beginning and the end of every call are told there. The user has to know of a server whose
 * tools could not be listed, of a call that failed, and of a question for approval, which nobody here can answer. Items
 * are told twice (`conversation.item.*` and `response.output_item.*`); each of these is reported once.
 */
export class McpMemory {
  private readonly labels = new Map<string, string>();
  private readonly reported = new RecentIds(mostRemembered);

  /** `endsResponse`: the provider only speaks about the result of a call when it is asked to. */
  constructor(private readonly endsResponse: boolean) {}

  /** Looks at every item of the server. Returns what the user has to know about it. */
  item(wire: JsonObject, frame: Frame): ModelEvent[] {
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

  private once(id: string, words: Pick<ErrorEvent, 'code' | 'message' | 'hint'>): ErrorEvent[] {
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
  return isObject(error) && typeof error.message === 'string' ? error.message : 'no reason given.';
}
