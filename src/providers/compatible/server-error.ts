import { isObject, type JsonObject, optionalText, requireText } from '../../base/json.js';
import type { ModelEvent } from '../../contract/events.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;
/** What an error means for the session. */
export type Verdict = Pick<ErrorEvent, 'fatal' | 'cause' | 'hint'>;
/** Verdicts by error code. */
export type Verdicts = ReadonlyMap<string, Verdict>;

const harmless: Verdict = { fatal: false, cause: 'harmless' };
const worrying: Verdict = { fatal: false, cause: undefined };

const checkKey = 'Check the key in the environment; "voxterm config print" shows which one is used.';
const fillAccount = 'The limit of the account is used up: check its plan and its credit.';
const fixedVoice = 'Once it has spoken, a conversation keeps its voice: start a new one for another.';
/** The dialect is wrong, and it is not ours: we never ask for the beta. */
export const betaHint =
  'voxterm speaks the current dialect. If a proxy is in between, it must not add the header OpenAI-Beta.';

/** Codes whose meaning is known. Everything else leaves the session usable. */
const verdicts: Verdicts = new Map<string, Verdict>([
  ['invalid_api_key', { fatal: true, cause: 'credentials', hint: checkKey }],
  ['account_deactivated', { fatal: true, cause: 'credentials', hint: checkKey }],
  ['insufficient_quota', { fatal: true, cause: 'quota', hint: fillAccount }],
  ['billing_hard_limit_reached', { fatal: true, cause: 'quota', hint: fillAccount }],
  ['model_not_found', { fatal: true, cause: 'model', hint: 'Choose another with --model.' }],
  ['session_expired', { fatal: true, cause: 'expired', hint: 'Start again to continue.' }],
  // The server closes with 4000 right after it.
  ['beta_api_shape_disabled', { fatal: true, cause: undefined, hint: betaHint }],
  ['rate_limit_exceeded', { fatal: false, cause: 'quota' }],
  ['cannot_update_voice', { fatal: false, cause: undefined, hint: fixedVoice }],
  ['conversation_already_has_active_response', { fatal: false, cause: 'activeResponse' }],
  ['response_cancel_not_active', harmless],
  ['input_audio_buffer_commit_empty', harmless],
]);

/** Truncating at the very end, or an item without sound, is refused with general codes; only the words tell. */
const truncateRefusals: ReadonlyMap<string, RegExp> = new Map([
  ['invalid_value', /already shorter than/i],
  ['unsupported_content_type', /only model output audio messages can be truncated/i],
]);

/** `own`: the codes of a vendor, which go before OpenAI's. */
export function errorVerdict(code: string, message: string, own?: Verdicts): Verdict {
  const said = own?.get(code);
  if (said !== undefined) return said;
  if (truncateRefusals.get(code)?.test(message)) return harmless;
  return verdicts.get(code) ?? worrying;
}

/** `error{error:{type, code, message, event_id}}`; some servers send the fields without the inner object. */
export function decodeError(
  frame: JsonObject,
  { switches }: { readonly switches: { readonly errors: Verdicts } },
): ModelEvent[] {
  const body = isObject(frame.error) ? frame.error : frame;
  const message = typeof frame.error === 'string' ? frame.error : requireText(body, 'message');
  const type = body === frame ? undefined : optionalText(body, 'type');
  const code = errorCode(body.code) ?? type ?? 'unknown';
  const eventId = body === frame ? undefined : optionalText(body, 'event_id');
  // It helps to explain, so a strange one does not make the error unreadable.
  const param = typeof body.param === 'string' && body.param !== '' ? body.param : undefined;
  const verdict = errorVerdict(code, message, switches.errors);
  return [{ type: 'error', code, message, source: 'provider', eventId, param, ...verdict }];
}

/** A frame that breaks the protocol: told, and survived. */
export function unreadable(message: string): ErrorEvent {
  return { type: 'error', code: 'frame.unreadable', message, fatal: false, source: 'protocol' };
}

/** A code is a word; servers built on HTTP frameworks send the status as a number. */
export function errorCode(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
