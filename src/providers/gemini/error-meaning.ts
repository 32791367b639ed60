import type { ModelEvent } from '../../contract/events.js';
import type { Facts } from '../../contract/facts.js';
import { geminiEntry } from '../catalog.js';

/** What an error message of Google's servers means. */
export interface ErrorMeaning {
  readonly cause: Extract<ModelEvent, { type: 'error' }>['cause'];
  readonly hint?: string | undefined;
  readonly facts?: Facts | undefined;
  /** A new connection may help. */
  readonly temporary: boolean;
}

const [key] = geminiEntry.keyVariables;
const checkKey = `Check ${key}. Keys come from ${geminiEntry.keyHint}.`;
const newToken =
  'Tokens for one session last a minute until it begins and half an hour in all: make a new one.';
const chooseModel = {
  hint: 'Models other than Live models do not talk. Choose a Live model of your account.',
  facts: { options: ['model'] },
};

/** Known messages, most specific first. There are few codes, each with many meanings, so only the text tells. */
const meanings: readonly (readonly [RegExp, ErrorMeaning])[] = [
  [
    /(token|auth_tokens).{0,40}(expired|used too many)|expire[d]? token/i,
    { cause: 'credentials', hint: newToken, temporary: false },
  ],
  [
    /API[ _]key|UNAUTHENTICATED|PERMISSION_DENIED|authentication credential|unregistered callers|Caller does not have permission/i,
    { cause: 'credentials', hint: checkKey, temporary: false },
  ],
  [
    /User location is not supported/i,
    { cause: undefined, hint: 'Google does not offer this API where you are.', temporary: false },
  ],
  [
    /is not found for API version|not supported for bidiGenerateContent|Requested entity was not found|NOT_FOUND/i,
    { cause: 'model', ...chooseModel, temporary: false },
  ],
  [
    /billing|prepa(y|id)|credits|exceeded your current quota/i,
    {
      cause: 'quota',
      hint: 'See https://aistudio.google.com/usage for limits and billing.',
      temporary: false,
    },
  ],
  [
    /RESOURCE_EXHAUSTED|quota|rate limit/i,
    { cause: 'quota', hint: 'Wait a little, or see https://aistudio.google.com/usage', temporary: true },
  ],
  [/Deadline expired|DEADLINE_EXCEEDED|session duration/i, { cause: 'expired', temporary: true }],
];

const unknown: ErrorMeaning = { cause: undefined, temporary: true };

export function meaningOf(words: string): ErrorMeaning {
  return meanings.find(([pattern]) => pattern.test(words))?.[1] ?? unknown;
}
