import type { Upgrade, Verdict } from '../../wire/dialect.js';

/** A refused upgrade with a body in OpenAI's form. */
export function openaiRefusal(status: number, code: string, message: string): Verdict {
  return { kind: 'refused', status, code, body: errorBody(code, message) };
}

export function invalidUrl({ url }: Upgrade): Verdict {
  const path = `${url.pathname}${url.search}`.slice(0, 200);
  return openaiRefusal(404, 'not_found', `Invalid URL (GET ${path})`);
}

export function errorBody(code: string, message: string): string {
  return JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
}
