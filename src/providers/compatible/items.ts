import { toBase64 } from '../../base/base64.js';
import { isObject, type JsonObject, optionalText, requireText } from '../../base/json.js';
import { type ItemSnapshot, itemStatuses, messageRoles, type NewItem } from '../../contract/items.js';
import type { WireGeneration } from './wire-choices.js';

/** Reads an item of the server. */
export function decodeItem(item: JsonObject): ItemSnapshot {
  const role = item.role;
  const status = item.status;
  return {
    itemId: requireText(item, 'id'),
    kind: itemKind(item.type),
    role: messageRoles.find((known) => known === role),
    text: contentText(item.content),
    callId: optionalText(item, 'call_id'),
    name: optionalText(item, 'name'),
    status: itemStatuses.find((known) => known === status),
  };
}

function itemKind(type: unknown): ItemSnapshot['kind'] {
  if (type === 'message') return 'message';
  if (type === 'function_call') return 'tool.call';
  return type === 'function_call_output' ? 'tool.output' : 'other';
}

/** Text, or the transcript of speech; undefined if there is none yet. */
function contentText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const words = content
    .filter(isObject)
    .map((part) => part.text ?? part.transcript)
    .filter((text) => typeof text === 'string');
  return words.length === 0 ? undefined : words.join('');
}

/** The wire form of an item we add. `content` selects the content type of the assistant's text. */
export function encodeItem(item: NewItem, content: WireGeneration): JsonObject {
  const id = item.itemId;
  switch (item.kind) {
    case 'message': {
      // After a reconnect the assistant's words are replayed as text: its audio cannot be.
      const written = content === 'ga' ? 'output_text' : 'text';
      const type = item.role === 'assistant' ? written : 'input_text';
      return { id, type: 'message', role: item.role, content: [{ type, text: item.text }] };
    }
    case 'image': {
      const image_url = `data:${item.mime};base64,${toBase64(item.data)}`;
      return { id, type: 'message', role: 'user', content: [{ type: 'input_image', image_url }] };
    }
    case 'tool.call':
      return { id, type: 'function_call', call_id: item.callId, name: item.name, arguments: item.arguments };
    case 'tool.output':
      return { id, type: 'function_call_output', call_id: item.callId, output: item.output };
  }
}
