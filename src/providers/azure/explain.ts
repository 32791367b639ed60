import { azureEntry } from '../catalog.js';
import { explainClose as explainOpenaiClose } from '../openai/explain.js';
import type { CloseMeaning } from '../provider.js';
import { generalRefusal } from '../refusal.js';

const [key] = azureEntry.keyVariables;

/** The reasons are OpenAI's; keys, billing and outages are Azure's. */
export function explainClose(code: number, reason: string): CloseMeaning | undefined {
  const meaning = explainOpenaiClose(code, reason);
  if (meaning === undefined) return undefined;
  const { hint, facts, ...rest } = meaning;
  if (/beta_api_shape_disabled/.test(reason)) return meaning;
  switch (meaning.cause) {
    case 'credentials':
      return { ...rest, hint: `Check ${key}: it belongs to one resource.` };
    case 'refused':
      return {
        ...rest,
        hint: 'Check the deployment and its quota in the Azure portal.',
      };
    case 'network':
      return { ...rest, hint: 'Start again; https://status.azure.com tells of disturbances.' };
    case 'expired':
    case 'ended':
      return { ...rest, hint, facts };
  }
}

export function explainRefusal(status: number, body: string): CloseMeaning | undefined {
  const general = generalRefusal(status, body, azureEntry);
  if (status === 401 || status === 403) {
    return {
      ...general,
      hint:
        `The key (${key}) belongs to one resource and region: check both. ` +
        'With a token, its holder needs the role "Cognitive Services OpenAI User".',
    };
  }
  if (status === 404) {
    return {
      ...general,
      message: general.message.replace('nothing there', 'no such deployment'),
      hint: 'A new deployment needs some minutes to appear. Check the name: the model is the name of a realtime deployment.',
      facts: { options: ['model'] },
    };
  }
  if (status === 429 && !general.fatal) {
    return {
      ...general,
      hint: 'The quota of the deployment is used up for now: wait, or raise it in the portal.',
    };
  }
  return undefined;
}
