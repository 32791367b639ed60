import { geminiEntry } from '../catalog.js';
import type { CloseMeaning } from '../provider.js';
import { generalRefusal, serverWords } from '../refusal.js';
import { type ErrorMeaning, meaningOf } from './error-meaning.js';

/**
 * Google's servers refuse nearly everything by closing the connection. The code tells little; the reason is a sentence,
 * cut off after 123 bytes.
 */
export function explainClose(code: number, reason: string): CloseMeaning | undefined {
  const said = reason === '' ? '' : ` It says: ${reason}`;
  const meaning = meaningOf(reason);
  const known = knownMeaning(meaning, said);
  if (known !== undefined) return known;
  switch (code) {
    case 1000:
      return {
        fatal: true,
        cause: 'network',
        message: `Gemini ended the session.${said}`,
        hint: 'Start again to continue.',
      };
    case 1007:
      return {
        fatal: true,
        cause: 'refused',
        message: `Gemini did not accept a message.${said}`,
        ...invalidAdvice(reason),
      };
    case 1008:
      // Also sent when a connection failed on Google's side.
      if (/operation was (aborted|cancelled)/i.test(reason)) return trouble(said);
      return {
        fatal: true,
        cause: 'refused',
        message: `Gemini refused to continue.${said}`,
        hint:
          meaning.hint ??
          'The model may not have something that was asked of it: leave out settings, or try another model.',
        facts: meaning.hint === undefined ? { options: ['model'] } : meaning.facts,
      };
    case 1011:
      return trouble(said);
    default:
      return undefined;
  }
}

function trouble(said: string): CloseMeaning {
  return {
    fatal: false,
    cause: 'network',
    message: `Gemini ended the session because of an internal error.${said}`,
    hint: 'Start again; https://status.cloud.google.com tells of disturbances.',
  };
}

function knownMeaning(
  { cause, hint, facts, temporary }: ErrorMeaning,
  said: string,
): CloseMeaning | undefined {
  switch (cause) {
    case 'credentials':
      return { fatal: true, cause, message: `Gemini does not accept the key.${said}`, hint };
    case 'model':
      return {
        fatal: true,
        cause: 'refused',
        message: `Gemini does not offer this model for live conversations.${said}`,
        hint,
        facts,
      };
    case 'quota':
      return {
        fatal: !temporary,
        cause: 'refused',
        message: `Gemini refused to continue: the account's limit is used up.${said}`,
        hint,
      };
    case 'expired':
      return {
        fatal: false,
        cause: 'expired',
        message: `The session reached Gemini's time limit.${said}`,
        hint: 'Start again to continue.',
      };
    default:
      return undefined;
  }
}

const provider = geminiEntry.id;

/** A hint about the most likely reason why a message was rejected. */
function invalidAdvice(reason: string): Pick<CloseMeaning, 'hint' | 'facts'> {
  const field = /Unknown name "([\w.]{1,60})"/.exec(reason)?.[1];
  if (field === 'proactivity') {
    return { hint: 'Only the version v1alpha knows it; docs/providers/gemini.md tells how to ask for that.' };
  }
  if (field !== undefined)
    return { hint: `Remove "${field}".`, facts: { provider, options: ['providerOptions.session'] } };
  if (/handle|resum/i.test(reason)) {
    return { hint: 'The earlier session can no longer be continued: start a new one.' };
  }
  if (/voice/i.test(reason)) {
    return { hint: 'Choose another voice.', facts: { provider, options: ['voice'] } };
  }
  if (/modalit/i.test(reason)) return { hint: 'Models that talk cannot answer in writing only.' };
  return {
    hint: 'Try without settings of your own, or another model.',
    facts: { provider, options: ['model', 'log'] },
  };
}

/** For upgrades that are refused, with Google's error object as the body. */
export function explainRefusal(status: number, body: string): CloseMeaning | undefined {
  const meaning = meaningOf(`${errorStatus(body)} ${serverWords(body) ?? ''}`);
  const { cause, hint, facts } = meaning;
  const general = generalRefusal(status, body, geminiEntry);
  if (cause === 'credentials') {
    return {
      ...general,
      fatal: true,
      cause,
      message: general.message.replace('opened no WebSocket', 'does not accept the key'),
      hint,
    };
  }
  if (cause === 'quota') return { ...general, fatal: !meaning.temporary, hint };
  // Google also answers 403 if it does not serve the country.
  if (status === 403 && hint !== undefined) {
    return {
      ...general,
      cause: 'refused',
      message: general.message.replace('accept the key', 'serve you'),
      hint,
    };
  }
  return hint === undefined ? undefined : { ...general, hint, facts };
}

function errorStatus(body: string): string {
  return /"status"\s*:\s*"([A-Z_]{1,40})"/.exec(body)?.[1] ?? '';
}
