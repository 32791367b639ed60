import { isObject, type JsonObject } from '../../base/json.js';
import { Secrets } from '../../base/secrets.js';

/** Longest quotation of an engine in a message. */
const mostLetters = 200;

/** An engine's words on one line, without its key and without a full stop, to be quoted in a message. */
export function quoted(text: string, key: string | undefined): string {
  const line = withoutKey(text, key)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > mostLetters ? `${line.slice(0, mostLetters)}…` : line.replace(/(?<!\.)\.$/, '');
}

export function withoutKey(text: string, key: string | undefined): string {
  return new Secrets([key]).hide(text);
}

/** Where servers put the words of an error, the most telling first. */
const wordKeys = [
  'message',
  'detail',
  'details',
  'msg',
  'error_msg',
  'error_message',
  'errorMessage',
  'status_msg',
  'error_description',
  'errors',
  'base_resp',
  'reason',
  'title',
] as const;

/**
 * The words of an error in any spelling in use: `{error: {message}}` of OpenAI, `{error: "…"}` of Ollama, `{detail}`
 * of FastAPI, `{message: {detail: […]}}` of Mistral, `{code, msg}`, `{base_resp: {status_msg}}` of MiniMax, and lists
 * of these. Gateways pass errors on as JSON inside a string.
 */
export function errorText(value: unknown): string | undefined {
  if (typeof value === 'string') return textOfString(value);
  if (Array.isArray(value)) return firstOf(value.slice(0, 10));
  if (!isObject(value)) return undefined;
  const error = errorText(value.error);
  const words = firstOf(wordKeys.map((key) => value[key]));
  // "Internal Server Error" beside the actual message.
  if (error !== undefined && words !== undefined && typeof value.error === 'string' && error !== words) {
    return `${error}: ${words}`;
  }
  const said = error ?? words ?? codeOf(value);
  // OpenRouter says "Provider returned error" and puts the provider's own words beside it.
  const raw = isObject(value.metadata) ? errorText(value.metadata.raw) : undefined;
  return said === undefined || raw === undefined ? (said ?? raw) : `${said}: ${raw}`;
}

function textOfString(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^(?:\[\s*\]|\{\s*\}|)$/.test(trimmed)) return undefined;
  if (!/^[[{]/.test(trimmed)) return trimmed;
  try {
    return errorText(JSON.parse(trimmed)) ?? trimmed;
  } catch {
    return trimmed;
  }
}

function firstOf(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const text = errorText(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

function codeOf({ code, type }: JsonObject): string | undefined {
  if (typeof code === 'number' && code !== 0) return `code ${code}`;
  return [code, type].find((word): word is string => typeof word === 'string' && word.trim() !== '');
}

/**
 * The words of an answer that says of itself that it is an error, for example in a stream with status 200; undefined
 * for every other one. `name` is the event's: `error`.
 */
export function errorIn(value: JsonObject, name?: string): string | undefined {
  const { error, base_resp: base, x_groq: groq } = value;
  if (error !== undefined && error !== null && error !== false) {
    // Some gateways send an error object without content in every answer.
    const text =
      errorText(error) ?? (isObject(error) ? undefined : errorText({ ...value, error: undefined }));
    if (text !== undefined) return text;
  }
  if (isObject(groq) && errorText(groq.error) !== undefined) return errorText(groq.error);
  if (isObject(base) && typeof base.status_code === 'number' && base.status_code !== 0) return said(base);
  const says = [name, value.object, value.type, value.status].some((word) => word === 'error');
  return says || value.success === false ? said(value) : undefined;
}

function said(value: JsonObject): string {
  return errorText({ ...value, type: undefined }) ?? 'without a reason';
}
