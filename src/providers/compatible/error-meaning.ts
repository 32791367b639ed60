import type { ModelEvent } from '../../contract/events.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;
/** What an error means for the session. */
export type ErrorMeaning = Pick<ErrorEvent, 'fatal' | 'cause' | 'hint' | 'facts'>;
/** By the provider's error code. */
export type ErrorMeanings = ReadonlyMap<string, ErrorMeaning>;

const harmless: ErrorMeaning = { fatal: false, cause: 'harmless' };
const unknown: ErrorMeaning = { fatal: false, cause: undefined };

const checkKey = { hint: 'Check the key in the environment.', facts: { key: 'environment' } };
const fillAccount = 'The limit of the account is used up: check its plan and its credit.';
const fixedVoice = 'Once it has spoken, a conversation keeps its voice: start a new one for another.';
/** Something else asked for the beta dialect: we never do. */
export const betaHint =
  'This client speaks the current dialect. If a proxy is in between, it must not add the header OpenAI-Beta.';

/** Codes whose meaning is known. All others leave the session usable. */
const meanings: ErrorMeanings = new Map<string, ErrorMeaning>([
  ['invalid_api_key', { fatal: true, cause: 'credentials', ...checkKey }],
  ['account_deactivated', { fatal: true, cause: 'credentials', ...checkKey }],
  ['insufficient_quota', { fatal: true, cause: 'quota', hint: fillAccount }],
  ['billing_hard_limit_reached', { fatal: true, cause: 'quota', hint: fillAccount }],
  [
    'model_not_found',
    { fatal: true, cause: 'model', hint: 'Choose another model.', facts: { options: ['model'] } },
  ],
  ['session_expired', { fatal: true, cause: 'expired', hint: 'Start again to continue.' }],
  // The server closes with 4000 right after it.
  ['beta_api_shape_disabled', { fatal: true, cause: undefined, hint: betaHint }],
  ['rate_limit_exceeded', { fatal: false, cause: 'quota' }],
  ['cannot_update_voice', { fatal: false, cause: undefined, hint: fixedVoice }],
  ['conversation_already_has_active_response', { fatal: false, cause: 'activeResponse' }],
  ['response_cancel_not_active', harmless],
  ['input_audio_buffer_commit_empty', harmless],
]);

/** Truncating at the very end, or an item without audio, is refused with general codes; only the message tells. */
const truncateRefusals: ReadonlyMap<string, RegExp> = new Map([
  ['invalid_value', /already shorter than/i],
  ['unsupported_content_type', /only model output audio messages can be truncated/i],
]);

/** `own`: the codes of a vendor, which take precedence over OpenAI's. */
export function errorMeaning(code: string, message: string, own?: ErrorMeanings): ErrorMeaning {
  const said = own?.get(code);
  if (said !== undefined) return said;
  if (truncateRefusals.get(code)?.test(message)) return harmless;
  return meanings.get(code) ?? unknown;
}

/** Reads an error code. Codes are strings, but servers built on HTTP frameworks send the status as a number. */
export function errorCode(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
