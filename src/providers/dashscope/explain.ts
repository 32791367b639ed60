import { dashscopeEntry } from '../catalog.js';
import type { CloseMeaning, ConnectionSettings } from '../provider.js';
import { generalRefusal } from '../refusal.js';
import { byRegion, errorCodes } from './errors.js';
import { regionNames, regions } from './regions.js';

const [key] = dashscopeEntry.keyVariables;

/** Close codes are not documented, so the reason is evaluated. */
export function explainClose(code: number, reason: string): CloseMeaning | undefined {
  const said = reason === '' ? '' : ` It says: ${reason}`;
  if (/idle.?timeout|timed? ?out|no (client )?(event|activity)/i.test(reason)) {
    return {
      fatal: false,
      cause: 'expired',
      message: `The server ended the session because it was idle for several minutes.${said}`,
      hint: 'Start again to continue.',
    };
  }
  if (/max(imum)? (session )?duration|120 ?min/i.test(reason)) {
    return {
      fatal: false,
      cause: 'expired',
      message: 'The session reached its maximum duration of 120 minutes.',
      hint: 'Start a new one; a recording of this one is complete.',
      facts: { limit: 'duration' },
    };
  }
  const known = [...errorCodes].find(([word, { fatal }]) => fatal && reason.includes(word));
  if (known !== undefined) {
    const [, { cause, hint, facts }] = known;
    return {
      fatal: true,
      cause: cause === 'credentials' ? 'credentials' : 'refused',
      message: `The server refused to continue.${said}`,
      hint,
      facts,
    };
  }
  if (code !== 1011) return undefined;
  return {
    fatal: false,
    cause: 'network',
    message: `The server ended the session because of an internal error.${said}`,
    hint: 'Start again, or choose another model.',
    facts: { options: ['model'] },
  };
}

export function explainRefusal(
  status: number,
  body: string,
  connection?: ConnectionSettings,
): CloseMeaning | undefined {
  const general = generalRefusal(status, body, dashscopeEntry);
  if (/Arrearage/.test(body)) {
    return { ...general, fatal: true, cause: 'refused', hint: errorCodes.get('Arrearage')?.hint };
  }
  if (/ModelNotFound|Model\.AccessDenied|model.{0,40}(not exist|not found|access denied)/i.test(body)) {
    return {
      ...general,
      fatal: true,
      cause: 'refused',
      hint: 'Regions and workspaces differ in what they offer. Choose another model.',
      facts: { options: ['model'] },
    };
  }
  if (status === 401 || status === 403) return { ...general, ...keyAdvice(connection) };
  return undefined;
}

/** The key may be valid, but for another region. */
function keyAdvice(connection: ConnectionSettings | undefined): Pick<CloseMeaning, 'hint' | 'facts'> {
  if (connection?.url !== undefined) {
    return {
      hint: `Check ${key}: it has to be one for the server at this address.`,
      facts: { options: ['url'] },
    };
  }
  const used = regionNames.find((name) => name === connection?.options?.region) ?? regionNames[0];
  const other = used === 'china' ? 'international' : 'china';
  return {
    hint:
      `Check ${key}. Keys are made per region, and this was the region "${used}" (${regions[used].console}). For a key from ` +
      `${regions[other].console} set "region" to "${other}".`,
    facts: byRegion,
  };
}
