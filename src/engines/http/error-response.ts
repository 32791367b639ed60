import { isObject } from '../../base/json.js';
import { Secrets } from '../../base/secrets.js';
import type { VoxtermError } from '../../contract/failure.js';
import { settingOf } from '../core/engine-config.js';
import type { EngineAddress } from './engine-address.js';
import { engineFailure, unexpectedAnswer } from './engine-failure.js';

/** An engine's refusal with its text, so that callers can retry in another way. */
export interface Refused {
  readonly status: number;
  readonly said: string;
}

/** The engine's refusal; undefined for every other failure. */
export function refusalIn(error: unknown): Refused | undefined {
  if (!(error instanceof Error) || !isObject(error.cause)) return undefined;
  const { status, said } = error.cause;
  return typeof status === 'number' && typeof said === 'string' ? { status, said } : undefined;
}

/** The failure for an HTTP status and its body. */
export function responseFailure(address: EngineAddress, status: number, body: string): VoxtermError {
  const said = saidIn(body, address.key);
  const refused: Refused = { status, said };
  const quote = said === '' ? '' : `: ${said}`;
  const fail = (code: string, what: string, hint: string): VoxtermError =>
    engineFailure(address, code, what, hint, refused);
  const { role, keyVariable } = address;
  if (status === 401 || status === 403) {
    const hint =
      keyVariable === undefined
        ? `Name the variable that holds its key in ${settingOf(address, 'keyVariable')}.`
        : `Check the key in ${keyVariable}.`;
    return fail('key-refused', `refused access (${status})${quote}`, hint);
  }
  if (status === 404 || ([400, 422].includes(status) && aboutModel(said))) {
    if (aboutModel(said)) {
      const hint = `Put the name of a model that it has into ${settingOf(address, 'model')}.`;
      return fail('model-unknown', `does not know the model (${status})${quote}`, hint);
    }
    const hint = /\/v\d+$/.test(address.shown)
      ? `Check ${settingOf(address, 'url')}, and whether this server can ${role}.`
      : `Check ${settingOf(address, 'url')}: it usually ends in /v1.`;
    return fail('path-unknown', `has no such path (404)${quote}`, hint);
  }
  if (status === 429) {
    return fail('busy', `is overloaded (429)${quote}`, 'Wait a little, and try again.');
  }
  if (status === 503) {
    return fail(
      'loading',
      `is not ready yet (503)${quote}`,
      'It is probably loading its model: try again soon.',
    );
  }
  if (status >= 500) {
    return fail('failed', `failed (${status})${quote}`, 'Look into its own output for the reason.');
  }
  if (status >= 300 && status < 400)
    return unexpectedAnswer(address, `a redirection (${status})`, 'an answer');
  return fail('refused', `refused the request (${status})${quote}`, 'Its model may not be made for this.');
}

function aboutModel(said: string): boolean {
  return /\bmodel\b/i.test(said) && !/support|tool|context|token/i.test(said);
}

const mostLetters = 200;

/** The message in an error body of any shape, on one line and without the key; empty for web pages. */
function saidIn(body: string, key: string | undefined): string {
  const text = messageIn(body);
  const open = new Secrets([key]).hide(text);
  const line = open.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > mostLetters ? `${line.slice(0, mostLetters)}…` : line;
}

function messageIn(body: string): string {
  if (/^\s*</.test(body)) return '';
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body;
  }
  return textIn(value) ?? '';
}

/** `{error: {message}}` of OpenAI, `{error: "…"}` of Ollama, `{detail}` of FastAPI, `{message}`. */
function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return textIn(value[0]);
  if (!isObject(value)) return undefined;
  for (const key of ['error', 'message', 'detail', 'msg']) {
    const text = textIn(value[key]);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}
