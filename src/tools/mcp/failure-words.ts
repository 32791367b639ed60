import { isObject, type JsonObject } from '../../base/json.js';

/** An error may be nested without end. */
const deepestError = 5;

/** What a server says about a failure, in the members that servers use for it; undefined when it says nothing. */
export function failureWords(body: JsonObject, depth = 0): string | undefined {
  const said = [body.error, body.message, body.detail, body.error_description].map((value) =>
    wordsOf(value, depth),
  );
  const words = [...new Set(said.filter((text) => text !== undefined))];
  return words.length === 0 ? undefined : words.join(': ');
}

function wordsOf(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (depth >= deepestError || typeof value !== 'object' || value === null) return undefined;
  const words = isObject(value) ? failureWords(value, depth + 1) : undefined;
  return words ?? jsonText(value);
}

/** A value as JSON; one that is nested too deeply is only named. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '[data that is nested too deeply]';
  }
}

/** The words in the body of an HTTP response that reports a failure; a web page has none. */
export function bodyWords(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const plain = text.trim();
    return plain === '' || plain.startsWith('<') ? undefined : plain;
  }
  return isObject(value) ? (failureWords(value) ?? jsonText(value)) : wordsOf(value, 0);
}
