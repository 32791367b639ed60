/** The text of a result, or why there is none. */
export type ResultText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Writes a tool's result as text for the model: text is unchanged, undefined becomes `ok`, anything else becomes JSON.
 */
export function resultText(value: unknown): ResultText {
  if (typeof value === 'string') return { ok: true, text: value };
  if (value === undefined) return { ok: true, text: 'ok' };
  try {
    const json = JSON.stringify(value, onlyJson);
    if (json !== undefined) return { ok: true, text: json };
    return { ok: false, problem: `it is a ${typeof value}` };
  } catch (error) {
    // JSON.stringify itself throws a TypeError only for a circular reference; a toJSON may throw anything.
    const problem =
      error instanceof NotJson ? error.message : 'it has a circular reference or cannot be read';
    return { ok: false, problem };
  }
}

class NotJson extends Error {}

/** JSON.stringify turns bytes into an object of numbers and a Map into `{}`: refuse rather than mislead the model. */
function onlyJson(this: unknown, key: string, value: unknown): unknown {
  // A Buffer arrives as the result of its toJSON; the object that contains it still has the original.
  const original: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : value;
  if (typeof original === 'bigint') throw new NotJson('it contains a BigInt');
  if (ArrayBuffer.isView(original) || original instanceof ArrayBuffer) throw new NotJson('it contains bytes');
  if (original instanceof Map || original instanceof Set) throw new NotJson('it contains a Map or a Set');
  if (original instanceof Promise) throw new NotJson('it contains a promise that was not awaited');
  return value;
}

/** Cuts text to `maxBytes` of UTF-8, between characters, and marks it as truncated. */
export function limitText(text: string, maxBytes: number): string {
  // A UTF-16 unit takes at most three bytes, so most results need no counting.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  const mark = `\n[truncated: the result has ${bytes} bytes, the limit is ${maxBytes}]`;
  const room = new Uint8Array(Math.max(0, maxBytes - mark.length));
  const { read } = new TextEncoder().encodeInto(text, room);
  return text.slice(0, read) + mark;
}
