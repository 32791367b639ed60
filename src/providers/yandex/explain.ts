import type { ModelEvent } from '../../contract/events.js';
import { yandexEntry } from '../catalog.js';
import type { CloseMeaning } from '../provider.js';
import { generalRefusal } from '../refusal.js';

const modelAdvice = {
  hint: 'A model is named gpt://<folder>/<name>. Check the folder (YANDEX_FOLDER_ID or "folder") and the model.',
  facts: { provider: yandexEntry.id, options: ['providerOptions.folder', 'model'] },
};

export function explainClose(code: number, reason: string): CloseMeaning | undefined {
  if (code !== 1008) return undefined;
  const said = reason === '' ? '' : ` It says: ${reason}`;
  return {
    fatal: true,
    cause: 'refused',
    message: `The server does not know this model.${said}`,
    ...modelAdvice,
  };
}

/** The error before that close. Its code is used for many errors, so the message is checked. */
export function modelRefused(
  event: Extract<ModelEvent, { type: 'error' }>,
): Extract<ModelEvent, { type: 'error' }> {
  if (event.source !== 'provider' || !/invalid model uri/i.test(event.message)) return event;
  return { ...event, fatal: true, cause: 'model', ...modelAdvice };
}

export function explainRefusal(status: number, body: string): CloseMeaning | undefined {
  const general = generalRefusal(status, body, yandexEntry);
  switch (status) {
    case 401:
      return {
        ...general,
        hint:
          'Check YANDEX_API_KEY, or YANDEX_IAM_TOKEN, which is good for twelve hours at most: ' +
          'export YANDEX_IAM_TOKEN=$(yc iam create-token)',
      };
    case 403:
      return {
        ...general,
        hint:
          'The key needs the scope yc.ai.foundationModels.execute, and its service account the role ai.models.user ' +
          'in the folder of the model.',
      };
    case 404:
      return { ...general, ...modelAdvice };
    case 429:
      // Waiting does not fill an empty account.
      if (general.fatal) return general;
      return {
        ...general,
        hint: 'Yandex allows 10 sessions at a time and 10 new ones per second unless a higher quota was granted. Wait a little.',
      };
    default:
      return undefined;
  }
}
