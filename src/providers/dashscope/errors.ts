import type { ModelEvent } from '../../contract/events.js';
import type { Facts } from '../../contract/facts.js';
import { dashscopeEntry } from '../catalog.js';
import type { ErrorMeaning, ErrorMeanings } from '../compatible/error-meaning.js';
import type { Family } from './families.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;

const otherRegion =
  'Check DASHSCOPE_API_KEY. Keys are made per region: "region" has to name the one it is from.';
export const byRegion: Facts = { provider: dashscopeEntry.id, options: ['providerOptions.region'] };
const byModel: Facts = { options: ['model'] };

/** DashScope's error codes, in addition to OpenAI's. Most are so general that only the message tells what they mean. */
export const errorCodes: ErrorMeanings = new Map<string, ErrorMeaning>([
  [
    'COMMON_ERROR',
    {
      fatal: false,
      cause: undefined,
      hint: 'The service behind this model is in trouble: try again in a moment, or choose another.',
      facts: byModel,
    },
  ],
  [
    'response_idle_timeout',
    { fatal: false, cause: undefined, hint: 'The model stopped in the middle of an answer. Say it again.' },
  ],
  [
    'user_idle_timeout',
    {
      fatal: false,
      cause: undefined,
      hint: 'The server ends a session in which nothing happens for minutes.',
    },
  ],
  [
    'cannot_update_voice',
    {
      fatal: false,
      cause: undefined,
      hint: 'The voice is fixed by the first answer. Start again to change it.',
    },
  ],
  ['InvalidApiKey', { fatal: true, cause: 'credentials', hint: otherRegion, facts: byRegion }],
  [
    'Arrearage',
    { fatal: true, cause: 'quota', hint: 'The account is in arrears: pay it up in the console.' },
  ],
  [
    'ModelNotFound',
    {
      fatal: true,
      cause: 'model',
      hint: 'Regions differ in models. Choose another model.',
      facts: byModel,
    },
  ],
  [
    'Model.AccessDenied',
    {
      fatal: true,
      cause: 'model',
      hint: 'The key may not use this model: allow it in the console, or choose another.',
      facts: byModel,
    },
  ],
  ['Throttling', { fatal: false, cause: 'quota', hint: 'Wait a little.' }],
  ['Throttling.RateQuota', { fatal: false, cause: 'quota', hint: 'Wait a little.' }],
]);

/** Explains the error of an event, if it has one. */
export function explainedErrors(event: ModelEvent, family: Family): ModelEvent[] {
  if (event.type === 'error') return [explain(event, family)];
  if (event.type !== 'response.done' || event.error === undefined) return [event];
  const { code, message } = event.error;
  const error = explain({ type: 'error', code, message, fatal: false, source: 'provider' }, family);
  // An error that would make every answer fail ends the session. It comes first: nothing is reported after the end.
  return error.fatal ? [error, event] : [event];
}

/** Explains errors whose message matters more than their code. */
function explain(event: ErrorEvent, { voices, typedText }: Family): ErrorEvent {
  const { message } = event;
  if (/^voice '.*' is not supported/i.test(message)) {
    // The server accepts such a voice in the settings and then refuses every answer.
    const examples = voices.slice(0, 6).join(', ');
    return {
      ...event,
      fatal: true,
      hint: `Choose a voice of this model, for example ${examples}.`,
      facts: { options: ['voice'] },
    };
  }
  if (/append image before append audio/i.test(message)) {
    return { ...event, hint: 'This model looks only while it listens: speak, then show the picture again.' };
  }
  // A recording that is sent faster than real time also sends its images faster; the model has seen this one already.
  if (/image/i.test(message) && /per second|frequen/i.test(message)) return { ...event, cause: 'harmless' };
  // The answer had ended before our cancel arrived.
  if (/\bcancel/i.test(message)) return { ...event, cause: 'harmless' };
  if (typedText === 'experimental' && /conversation\.item|input_text/i.test(message)) {
    return { ...event, hint: 'Typed messages are experimental with this model: speak instead.' };
  }
  return event;
}
