import type { ConversationStore } from './conversation-store.js';
import type { ContentPart, Item } from './items.js';
import type { ContextItem } from './stages.js';

/** What the mind reads. `heard` gives the words of a spoken user message, where they are known. */
export function toContext(
  items: readonly Item[],
  store: ConversationStore,
  heard: (itemId: string) => string | undefined,
): ContextItem[] {
  return items.map((item) => toContextItem(item, store.soundMs(item), heard(item.id)));
}

function toContextItem(item: Item, spokenMs: number, words: string | undefined): ContextItem {
  switch (item.type) {
    case 'message': {
      const text = words ?? item.content.map(textOf).join(' ').trim();
      const message = { kind: 'message', itemId: item.id, role: item.role, text } as const;
      return spokenMs > 0 ? { ...message, spokenMs } : message;
    }
    case 'function_call':
      return { kind: 'call', callId: item.call_id, name: item.name, arguments: item.arguments };
    case 'function_call_output':
      return { kind: 'output', callId: item.call_id, output: item.output };
  }
}

function textOf(part: ContentPart): string {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return part.text;
    case 'input_audio':
    case 'output_audio':
      return part.transcript ?? '';
    case 'input_image':
      return '';
  }
}
