import type { NewId } from '../core/ids.js';
import type { NewWireItem } from '../requests/request-schema.js';
import type { ContentPart, Item } from './items.js';

type NewPart = Extract<NewWireItem, { type: 'message' }>['content'][number];

/** The item of a client's request, as the server stores it. Sound is not kept. */
export function toItem(wire: NewWireItem, newId: NewId): Item {
  const head = { id: wire.id ?? newId('item'), object: 'realtime.item', status: 'completed' } as const;
  switch (wire.type) {
    case 'function_call':
      return { ...head, type: wire.type, name: wire.name, call_id: wire.call_id, arguments: wire.arguments };
    case 'function_call_output':
      return { ...head, type: wire.type, call_id: wire.call_id, output: wire.output };
    case 'message':
      return { ...head, type: wire.type, role: wire.role, content: wire.content.map(toPart) };
  }
}

function toPart(part: NewPart): ContentPart {
  switch (part.type) {
    case 'input_audio':
      return { type: part.type, transcript: part.transcript ?? null };
    case 'output_audio':
      return { type: part.type, ...(part.transcript ? { transcript: part.transcript } : {}) };
    case 'input_text':
    case 'output_text':
      return { type: part.type, text: part.text };
    case 'input_image':
      return { ...part };
  }
}

/** The sound of a new user message, base64. The assistant's sound cannot be restored. */
export function soundIn(wire: NewWireItem): string | undefined {
  if (wire.type !== 'message' || wire.role !== 'user') return undefined;
  return wire.content.flatMap((part) => (part.type === 'input_audio' && part.audio ? [part.audio] : []))[0];
}
