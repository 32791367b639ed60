import { isObject } from '../../base/json.js';

/**
 * The arguments of a call as one JSON object, where a model has only wrapped them: `null` or nothing for none, JSON in
 * a string, in a Markdown fence, behind an empty object, or before a token of its chat template. Anything else stays as
 * it was written.
 */
export function asObject(written: string): string {
  const text = written.trim();
  if (nothing.test(text)) return '{}';
  for (const candidate of [text, unwrapped(text)]) {
    const found = objectIn(candidate);
    if (found !== undefined) return found;
  }
  return written;
}

const nothing = /^(?:null|none|undefined|""|'')?$/i;

/** Whether these are the whole arguments of a call: an object that is closed. */
export function isWholeObject(written: string): boolean {
  return objectIn(written.trim()) !== undefined;
}

/** How often JSON may be a string in JSON. */
const mostLayers = 4;

/** @returns its text unchanged where it already is one. */
function objectIn(text: string): string | undefined {
  let value = text;
  for (let layer = 0; layer < mostLayers; layer += 1) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      return undefined;
    }
    if (isObject(parsed)) return value;
    if (parsed === null) return '{}';
    if (typeof parsed !== 'string') return undefined;
    value = parsed.trim();
    if (nothing.test(value)) return '{}';
  }
  return undefined;
}

function unwrapped(text: string): string {
  return (
    text
      .replace(/^```\w*\s*/, '')
      .replace(/\s*```$/, '')
      // Some servers begin a call with {} and send the actual arguments behind it.
      .replace(/^\{\s*\}\s*(?=\{)/, '')
      .replace(/(?:\s*(?:<[|｜][^<>]*>|<\/s>|<\/?tool_calls?>))+$/, '')
      .trim()
  );
}
