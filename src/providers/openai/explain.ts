import { openaiEntry } from '../catalog.js';
import { betaHint, errorMeaning } from '../compatible/error-meaning.js';
import type { CloseMeaning, ConnectionSettings } from '../provider.js';
import { generalRefusal } from '../refusal.js';
import { explainHangup, explainNoCall } from './call.js';

const [key] = openaiEntry.keyVariables;
const keyHint = `Check ${key}. Keys come from ${openaiEntry.keyHint}.`;

/**
 * Reasons look like `invalid_request_error.invalid_api_key`: the last word is the code of the error that came before.
 */
export function explainClose(
  code: number,
  reason: string,
  connection?: ConnectionSettings,
): CloseMeaning | undefined {
  const hangup = connection?.callId === undefined ? undefined : explainHangup(code);
  if (hangup !== undefined) return hangup;
  const errorCode = /([a-z][a-z_]*)$/.exec(reason)?.[1] ?? '';
  const said = reason === '' ? '' : ` It says: ${reason}`;
  if (errorCode === 'beta_api_shape_disabled') {
    return {
      fatal: true,
      cause: 'refused',
      message: 'The server refused the connection: it received a request for the old beta dialect.',
      hint: betaHint,
    };
  }
  switch (errorMeaning(errorCode, '').cause) {
    case 'credentials':
      return {
        fatal: true,
        cause: 'credentials',
        message: `The server refused the key.${said}`,
        hint: keyHint,
      };
    case 'quota':
      return {
        fatal: true,
        cause: 'refused',
        message: `The server refused to continue: the account's limit is used up.${said}`,
        hint: 'See https://platform.openai.com/settings/organization/billing',
      };
    case 'model':
      return {
        fatal: true,
        cause: 'refused',
        message: `The server does not offer this model.${said}`,
        hint: 'Choose another model.',
        facts: { options: ['model'] },
      };
    case 'expired':
      return expired;
    default:
  }
  if (code === 1001 && /maximum duration/i.test(reason)) return expired;
  if (code === 1008) {
    return { fatal: true, cause: 'refused', message: `The server refused to continue.${said}`, ...tryOthers };
  }
  if (code === 1011) {
    return {
      fatal: false,
      cause: 'network',
      message: `The server ended the session because of an internal error.${said}`,
      hint: 'Start again; https://status.openai.com tells of disturbances.',
    };
  }
  if (code === 4000) {
    return {
      fatal: true,
      cause: 'refused',
      message: `The server refused the connection.${said}`,
      ...tryOthers,
    };
  }
  return undefined;
}

const tryOthers = {
  hint: `Check ${key}, or choose another model.`,
  facts: { options: ['model'] },
};

const ownHeaders = { provider: openaiEntry.id, options: ['providerOptions.headers'] };

const expired: CloseMeaning = {
  fatal: false,
  cause: 'expired',
  message: 'The session reached its maximum duration of 60 minutes.',
  hint: 'Start a new one; a recording of this one is complete.',
  facts: { limit: 'duration' },
};

export function explainRefusal(
  status: number,
  body: string,
  connection?: ConnectionSettings,
): CloseMeaning | undefined {
  const noCall = connection?.callId === undefined ? undefined : explainNoCall(status, connection);
  if (noCall !== undefined) return noCall;
  const general = generalRefusal(status, body, openaiEntry);
  if (status === 403 && /unsupported_country|country, region, or territory/i.test(body)) {
    return {
      ...general,
      cause: 'refused',
      message: general.message.replace('accept the key', 'serve you'),
      hint: 'OpenAI does not offer this API where you are: https://platform.openai.com/docs/supported-countries',
    };
  }
  if (status === 403 && /model_not_found|access to (the )?model/i.test(body)) {
    return {
      ...general,
      cause: 'refused',
      message: general.message.replace('accept the key', 'offer this model'),
      hint: 'Allow the model in the settings of the project the key belongs to, or choose another.',
      facts: { options: ['model'] },
    };
  }
  const header = Object.keys(connection?.options?.headers ?? {}).find((name) =>
    /^authorization$/i.test(name),
  );
  if (general.cause === 'credentials' && header !== undefined) {
    const hint = `Check the header ${header} and the variables it names.`;
    return { ...general, hint, facts: ownHeaders };
  }
  if (connection?.url !== undefined && general.cause === 'credentials') {
    return {
      ...general,
      hint: `The server expects a key of its own: set ${key} or a header.`,
      facts: ownHeaders,
    };
  }
  if (status === 404) {
    return {
      ...general,
      hint: 'Your account may not have this model, or the address is one without /v1/realtime.',
      facts: { options: ['model', 'url'] },
    };
  }
  if (status === 429) {
    const billing = 'see https://platform.openai.com/settings/organization/billing';
    // Waiting does not help if the account is empty.
    return { ...general, hint: general.fatal ? `Add credit: ${billing}` : `Wait a little, or ${billing}` };
  }
  return undefined;
}
