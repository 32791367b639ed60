import { isObject } from '../../base/json.js';

/** What a `content` holds: words, and whether some of it is reasoning. */
export interface ContentParts {
  readonly text: string;
  readonly reasoned: boolean;
}

/**
 * Reads a `content` in any form in use: a string; parts, as Mistral's reasoning models send them, with the reasoning in
 * parts of its own; a single part, as Cohere sends it.
 */
export function contentOf(content: unknown): ContentParts {
  if (typeof content === 'string') return { text: content, reasoned: false };
  if (Array.isArray(content)) {
    const parts = content.map(contentOf);
    return { text: parts.map(({ text }) => text).join(''), reasoned: parts.some((part) => part.reasoned) };
  }
  if (!isObject(content)) return { text: '', reasoned: false };
  const { type, text, refusal, content: inner } = content;
  const reasoned =
    content.thought === true || (typeof type === 'string' && /think|reason|thought/.test(type));
  if (reasoned) return { text: '', reasoned: true };
  if (typeof text === 'string') return { text, reasoned: false };
  // Older forms wrap the words once more.
  if (isObject(text) && typeof text.value === 'string') return { text: text.value, reasoned: false };
  if (typeof refusal === 'string') return { text: refusal, reasoned: false };
  return inner === undefined ? { text: '', reasoned: false } : contentOf(inner);
}
