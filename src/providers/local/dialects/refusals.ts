import type { Verdict } from './dialect.js';

/** A refused upgrade with a body in OpenAI's form. */
export function openaiRefusal(status: number, code: string, message: string): Verdict {
  return { kind: 'refused', status, code, body: errorBody(code, message) };
}

export function errorBody(code: string, message: string): string {
  return JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
}
