import { isObject } from '../../base/json.js';

type TranscriptionEvent =
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'whole'; readonly text: string }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'other' };

/**
 * One event of a streamed transcription. OpenAI sends `transcript.text.delta` and `transcript.text.done`, vLLM sends
 * chat chunks, and faster-whisper's servers send one segment's `{text}` per event. `later`: words have come before.
 */
export function eventIn(data: string, later: boolean): TranscriptionEvent {
  if (data.trim() === '[DONE]') return { type: 'other' };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { type: 'other' };
  }
  if (!isObject(value)) return { type: 'other' };
  if (value.error !== undefined && value.error !== null)
    return { type: 'error', message: messageIn(value.error) };
  const { type, delta, text } = value;
  if (type === 'transcript.text.delta' && typeof delta === 'string') return { type: 'delta', text: delta };
  if (type === 'transcript.text.done' && typeof text === 'string') return { type: 'whole', text };
  if (Array.isArray(value.choices)) return { type: 'delta', text: contentIn(value.choices[0]) };
  if (type === undefined && typeof text === 'string') {
    const segment = text.trim();
    return { type: 'delta', text: later && segment !== '' ? ` ${segment}` : segment };
  }
  return { type: 'other' };
}

function contentIn(choice: unknown): string {
  if (!isObject(choice) || !isObject(choice.delta)) return '';
  return typeof choice.delta.content === 'string' ? choice.delta.content : '';
}

function messageIn(error: unknown): string {
  const said = isObject(error) ? error.message : error;
  return typeof said === 'string' ? said.slice(0, 200) : 'without a reason';
}
