import { isObject } from '../../base/json.js';
import type { VoxtermError } from '../../contract/failure.js';
import { settingOf } from '../core/engine-config.js';
import type { EngineAddress } from './engine-address.js';
import { engineFailure, unexpectedAnswer } from './engine-failure.js';
import { errorText, quoted, withoutKey } from './error-text.js';

/** An engine's refusal with its text, so that callers can retry in another way. */
export interface Refused {
  readonly status: number;
  readonly said: string;
  /** All that it says, with the names of the fields that it refuses. */
  readonly names: string;
}

/** The engine's refusal; undefined for every other failure. */
export function refusalIn(error: unknown): Refused | undefined {
  if (!(error instanceof Error) || !isObject(error.cause)) return undefined;
  const { status, said, names } = error.cause;
  if (typeof status !== 'number' || typeof said !== 'string' || typeof names !== 'string') return undefined;
  return { status, said, names };
}

/** The failure for an HTTP status and its body. `retryAfter` is the header of that name. */
export function responseFailure(
  address: EngineAddress,
  { status, body, retryAfter }: { status: number; body: string; retryAfter?: string | null },
): VoxtermError {
  const said = quoted(wordsOf(body), address.key);
  const refused: Refused = { status, said, names: withoutKey(namesIn(body), address.key) };
  const quote = said === '' ? '' : `: ${said}`;
  const fail = (code: string, what: string, hint: string): VoxtermError =>
    engineFailure(address, code, what, hint, refused);
  const { role, keyVariable } = address;
  if (status === 402 || (status < 500 && withoutCredit(refused))) {
    const hint = 'Check the plan and the balance of its account; waiting does not help.';
    return fail('no-credit', `has no credit left for this (${status})${quote}`, hint);
  }
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
    const waitS = secondsToWait(refused, retryAfter);
    const wait = waitS === undefined ? 'Wait a little' : `Wait ${waitS} s`;
    return fail('busy', `is overloaded (429)${quote}`, `${wait}, and try again.`);
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
  if (/content[_ ](filter|management|policy)|data_inspection_failed/i.test(refused.names)) {
    return fail('filtered', `did not let this question pass (${status})${quote}`, 'Say it in other words.');
  }
  return fail('refused', `refused the request (${status})${quote}`, 'Its model may not be made for this.');
}

/** The account is exhausted, in contrast to a limit that is over in a while. */
function withoutCredit(refused: Refused): boolean {
  const { names } = refused;
  if (/insufficient[_ ]?(quota|balance|credits?|funds)/i.test(names)) return true;
  if (secondsToWait(refused) !== undefined || /per (minute|second|hour|day)/i.test(names)) return false;
  return /exceeded your current quota|out of credits?|credit balance|payment required|余额不足|欠费/i.test(
    names,
  );
}

/** "Please try again in 1.2s", or what the header says. */
function secondsToWait({ names }: Refused, retryAfter?: string | null): number | undefined {
  const said = /(?:retry|again) (?:in|after) (\d+(?:\.\d+)?) ?(ms|s|m|h|seconds?|minutes?)/i.exec(names);
  const unit = said?.[2]?.toLowerCase() ?? 's';
  const factor = unit === 'ms' ? 0.001 : unit.startsWith('m') ? 60 : unit === 'h' ? 3600 : 1;
  const seconds = said === null ? Number(retryAfter ?? Number.NaN) : Number(said[1]) * factor;
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}

function aboutModel(said: string): boolean {
  return /\bmodel\b/i.test(said) && !/support|tool|context|token/i.test(said);
}

/** The message in an error body of any shape; empty for web pages. */
function wordsOf(body: string): string {
  if (/^\s*</.test(body)) return '';
  return errorText(body) ?? '';
}

/** Every text of a refusal except what it repeats of the request: names of refused fields are in some of them. */
function namesIn(body: string): string {
  try {
    return textsIn(JSON.parse(body)).join('\n').slice(0, mostNameLetters);
  } catch {
    return body.slice(0, mostNameLetters);
  }
}

const mostNameLetters = 4000;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^\s*[[{]/.test(value) ? [namesIn(value)] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => (repeated.includes(key) ? [] : textsIn(part)));
}

/** Where pydantic repeats the request, and links to its own pages. */
const repeated = ['input', 'ctx', 'url', 'body'];
