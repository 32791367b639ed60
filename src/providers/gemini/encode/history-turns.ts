import type { JsonObject } from '../../../base/json.js';
import type { NewItem } from '../../../contract/items.js';

/** One turn of `clientContent`. */
export interface Turn {
  readonly role: 'user' | 'model';
  readonly text: string;
}

/**
 * An earlier item as a turn. Tool calls and results are written as text, because the server refuses the parts made for
 * them here. Undefined for an item without text.
 */
export function turnOf(
  item: Exclude<NewItem, { kind: 'image' }>,
  toolName: string | undefined,
): Turn | undefined {
  switch (item.kind) {
    case 'message':
      // System messages have no role of their own.
      return { role: item.role === 'assistant' ? 'model' : 'user', text: item.text };
    case 'tool.call':
      return { role: 'model', text: `[Tool call: ${item.name}(${item.arguments})]` };
    case 'tool.output':
      if (toolName === undefined) return undefined;
      return { role: 'user', text: `[Tool result of ${toolName}: ${item.output}]` };
  }
}

export function contentOf({ role, text }: Turn): JsonObject {
  return { role, parts: [{ text }] };
}
