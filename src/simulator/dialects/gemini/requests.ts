import { isObject } from '../../../base/json.js';
import type { Item } from '../../store/items.js';
import { ClosingError, invalidArgument } from './closing-error.js';
import type { Content } from './protobuf-json.js';

/** Requests in the GA dialect. */
export const createResponse = { type: 'response.create' } as const;
export const cancelResponse = { type: 'response.cancel' } as const;
export const commit = { type: 'input_audio_buffer.commit' } as const;
export const clear = { type: 'input_audio_buffer.clear' } as const;

export function append(audio: string): object {
  return { type: 'input_audio_buffer.append', audio };
}

export function userText(text: string): object {
  return createItem({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
}

export function toolOutput(callId: string, output: string): object {
  return createItem({ type: 'function_call_output', call_id: callId, output });
}

export function truncate(itemId: string, audioEndMs: number): object {
  return {
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: 0,
    audio_end_ms: audioEndMs,
  };
}

/** An item of an earlier connection, under its own id. */
export function restore(item: Item): object {
  return createItem(item);
}

function createItem(item: object): object {
  return { type: 'conversation.item.create', item };
}

/** @throws ClosingError for a role or a part that a turn of `clientContent` must not have. */
export function turnItems(turns: readonly Content[]): object[] {
  return turns.flatMap(({ role = 'user', parts = [] }) => {
    if (role !== 'user' && role !== 'model') {
      throw new ClosingError(1007, 'Please use a valid role: user, model.');
    }
    if (parts.some(isFunctionPart)) throw invalidArgument();
    const texts = parts.flatMap(({ text, thought }) =>
      text === undefined || thought === true ? [] : [text],
    );
    const images = parts.flatMap(({ inlineData }) => (inlineData === undefined ? [] : [imageOf(inlineData)]));
    if (role === 'model') {
      const content = texts.map((text) => ({ type: 'output_text', text }));
      return content.length === 0 ? [] : [createItem({ type: 'message', role: 'assistant', content })];
    }
    const content = [...texts.map((text) => ({ type: 'input_text', text })), ...images];
    return content.length === 0 ? [] : [createItem({ type: 'message', role, content })];
  });
}

function isFunctionPart({ functionCall, functionResponse }: NonNullable<Content['parts']>[number]): boolean {
  return isObject(functionCall) || isObject(functionResponse);
}

/** @throws ClosingError for anything but an image. */
export function imageOf({
  mimeType = '',
  data = '',
}: {
  mimeType?: string | undefined;
  data?: string | undefined;
}): object {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(mimeType)) throw invalidArgument();
  return { type: 'input_image', image_url: `data:${mimeType};base64,${data}` };
}
