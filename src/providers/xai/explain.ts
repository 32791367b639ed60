import { xaiEntry } from '../catalog.js';
import type { CloseMeaning } from '../provider.js';
import { generalRefusal } from '../refusal.js';

const [key] = xaiEntry.keyVariables;

/** Close codes are not documented. A session that reached its maximum duration can be resumed. */
export function explainClose(code: number, reason: string): CloseMeaning | undefined {
  const said = reason === '' ? '' : ` It says: ${reason}`;
  if (/max(imum)?.{0,20}(duration|length)|session.{0,20}expired/i.test(reason)) {
    return {
      fatal: false,
      cause: 'expired',
      message: `The session reached its maximum duration.${said}`,
      hint: 'Start again: a conversation is kept for about 30 minutes.',
    };
  }
  if (/idle|inactiv/i.test(reason)) {
    return {
      fatal: false,
      cause: 'expired',
      message: `The server ended the session because it was idle for too long.${said}`,
      hint: 'Start again to continue.',
    };
  }
  if (/credit|spending|quota|billing/i.test(reason)) {
    return {
      fatal: true,
      cause: 'refused',
      message: `The server refused to continue: the account's limit is used up.${said}`,
      hint: `See ${xaiEntry.keyHint}.`,
    };
  }
  if (code !== 1011) return undefined;
  return {
    fatal: false,
    cause: 'network',
    message: `The server ended the session because of an internal error.${said}`,
    hint: 'Start again; https://status.x.ai tells of disturbances.',
  };
}

export function explainRefusal(status: number, body: string): CloseMeaning | undefined {
  const general = generalRefusal(status, body, xaiEntry);
  // The server may answer 400 to a wrong key.
  if (/incorrect api key|invalid api key/i.test(body)) {
    const hint = `Check ${key}. Keys come from ${xaiEntry.keyHint}.`;
    return { ...general, fatal: true, cause: 'credentials', hint };
  }
  if (/credit|spending limit|quota/i.test(body)) {
    return {
      ...general,
      fatal: true,
      cause: 'refused',
      hint: `The account has no credit left: see ${xaiEntry.keyHint}.`,
    };
  }
  if (status === 404 || (status === 400 && /model/i.test(body))) {
    const hint = `Choose another model, for example ${xaiEntry.defaultModel}.`;
    return { ...general, hint, facts: { options: ['model'] } };
  }
  return undefined;
}
