import type { JsonObject } from '../../base/json.js';
import type { ModelEvent } from '../../contract/events.js';
import type { ServerTool } from '../../contract/settings.js';

/** Tools that Yandex runs itself. */
export const searches = ['web_search', 'file_search'] as const;

/**
 * Searches that the server runs itself are declared as functions with fixed names, and their calls come as function
 * calls, which must not be answered here.
 */
export class ServerSearches {
  private readonly declared = new Set<string>();

  /**
   * The vendor's examples use `"{}"` and `{}` as parameters. The description is that of the reference; for a file
   * search it is the id of the store to search.
   */
  declare(tool: ServerTool, written: JsonObject): JsonObject {
    this.declared.add(tool.type);
    const description = tool.type === 'file_search' ? tool.storeIds[0] : 'Search the web for current facts';
    return tool.type === 'web_search' || tool.type === 'file_search'
      ? { type: 'function', name: tool.type, description, parameters: '{}' }
      : written;
  }

  /** Whether an event is about a call that the server answers itself. */
  owns(event: ModelEvent): boolean {
    return event.type === 'tool.called' && this.declared.has(event.name);
  }
}
