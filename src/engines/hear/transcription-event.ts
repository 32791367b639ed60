import { isObject, type JsonObject } from '../../base/json.js';
import { contentOf } from '../core/content-parts.js';
import { errorIn } from '../http/error-text.js';
import type { ServerEvent } from '../http/server-events.js';
import { transcriptIn } from './transcript-text.js';

type TranscriptionEvent =
  /** More words, as they are. */
  | { readonly type: 'delta'; readonly text: string }
  /** A part of the transcript, to be separated from the one before it. */
  | { readonly type: 'segment'; readonly text: string; readonly line: boolean }
  /** All words so far. */
  | { readonly type: 'whole'; readonly text: string }
  | { readonly type: 'error'; readonly message: string }
  /** Says nothing about the words. */
  | { readonly type: 'other' };

/**
 * One event of a streamed transcription. OpenAI sends `transcript.text.delta` and `transcript.text.done`, vLLM sends
 * chat chunks, faster-whisper's servers send one segment's `{text}` per event, and others their own shapes or plain
 * text.
 */
export function eventIn({ data, name, bare }: ServerEvent): TranscriptionEvent {
  const written = data.trim();
  if (written === '' || written === '[DONE]') return { type: 'other' };
  const value = parsed(written);
  if (value === undefined) {
    if (name === 'error') return { type: 'error', message: written };
    // JSON that breaks off is not a transcript; notes in brackets are part of one.
    return /^(?:\{|\[\s*[{"\]])/.test(written)
      ? { type: 'other' }
      : { type: 'segment', text: written, line: bare };
  }
  // A number, a word in quotation marks: plain text after all.
  if (typeof value !== 'object') return { type: 'segment', text: String(value), line: bare };
  if (!isObject(value)) {
    const text = transcriptIn(value);
    return text === undefined ? { type: 'other' } : { type: 'whole', text };
  }
  const error = errorIn(value, name);
  if (error !== undefined) return { type: 'error', message: error };
  return wordsIn(value, name);
}

function wordsIn(value: JsonObject, name: string | undefined): TranscriptionEvent {
  const { delta, choices } = value;
  const type = typeof value.type === 'string' ? value.type : (name ?? '');
  if (typeof delta === 'string') return { type: 'delta', text: delta };
  if (isObject(delta)) return { type: 'delta', text: contentOf(delta.content ?? delta).text };
  if (Array.isArray(choices)) return choiceText(choices[0]);
  const text = transcriptIn(value);
  if (text === undefined) return { type: 'other' };
  if (/delta/.test(type)) return { type: 'delta', text };
  const isPart = /segment/.test(type) || (type === '' && !Array.isArray(value.segments));
  if (isPart) return { type: 'segment', text, line: false };
  return { type: 'whole', text };
}

function choiceText(choice: unknown): TranscriptionEvent {
  if (!isObject(choice)) return { type: 'other' };
  if (isObject(choice.message)) return { type: 'whole', text: contentOf(choice.message.content).text };
  const text = isObject(choice.delta) ? contentOf(choice.delta.content).text : contentOf(choice.text).text;
  return { type: 'delta', text };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
