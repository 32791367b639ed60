import type { ContextItem } from '../../engines/core/stages.js';
import type { Heard } from '../hearing/listener.js';
import type { ContentPart, Item } from '../store/items.js';

export interface Known {
  /** Length and words of a spoken user message, as far as they are known. */
  heardIn(itemId: string): Heard | undefined;
  /** What was heard of an answer that was cut. */
  heardText(item: Item): string | undefined;
}

/** The conversation as the mind reads it. */
export function toContext(items: readonly Item[], known: Known): ContextItem[] {
  return items.flatMap((item) => toContextItems(item, known));
}

function toContextItems(item: Item, known: Known): ContextItem[] {
  switch (item.type) {
    case 'message': {
      const heard = known.heardIn(item.id);
      const text = heard?.text ?? known.heardText(item) ?? item.content.map(textOf).join(' ').trim();
      const message = { kind: 'message', itemId: item.id, role: item.role, text } as const;
      return [heard === undefined ? message : { ...message, spokenMs: heard.speechMs }];
    }
    case 'function_call':
      return [{ kind: 'call', callId: item.call_id, name: item.name, arguments: item.arguments }];
    case 'function_call_output':
      return [{ kind: 'output', callId: item.call_id, output: item.output }];
    case 'mcp_call':
      return [
        { kind: 'call', callId: item.id, name: item.name, arguments: item.arguments },
        ...(item.output === null ? [] : [{ kind: 'output', callId: item.id, output: item.output } as const]),
      ];
    case 'mcp_list_tools':
      return [];
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
