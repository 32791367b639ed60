import { volcengineEntry } from '../catalog.js';
import type { CloseMeaning, ConnectionSettings } from '../provider.js';
import { generalRefusal } from '../refusal.js';

/** The gateway closes a connection after this time without a message from us. */
export const idleLimitS = 120;

/** The gateway closes after errors and after idle time, and its codes do not tell which. A new connection helps. */
export function explainClose(code: number, reason: string): CloseMeaning | undefined {
  if (![1000, 1001, 1005, 1011].includes(code)) return undefined;
  const said = reason === '' ? '' : ` It says: ${reason}`;
  return {
    fatal: false,
    cause: 'network',
    message: `The gateway ended the session.${said}`,
    hint: `It does so after ${idleLimitS} seconds without a message, and after errors of its own. Start again to continue.`,
  };
}

export function explainRefusal(
  status: number,
  body: string,
  connection?: ConnectionSettings,
): CloseMeaning | undefined {
  const general = generalRefusal(status, body, volcengineEntry);
  const [key] = volcengineEntry.keyVariables;
  if (status === 401 || status === 403) {
    const hint =
      `Check ${key}: it is an access key of the AI gateway (${volcengineEntry.keyHint}), and the voice agent has to be ` +
      'among the models this key is bound to. With a bot, the bot as well.';
    return { ...general, hint };
  }
  if (status === 400) {
    const resumed = connection?.resume !== undefined;
    return {
      ...general,
      hint: resumed
        ? 'The earlier conversation with this bot may be gone: start a new one. If it is not that, check "bot" or "customModel".'
        : 'Check "bot" or "customModel".',
      facts: {
        provider: volcengineEntry.id,
        resumed,
        options: ['providerOptions.bot', 'providerOptions.customModel'],
      },
    };
  }
  if (status === 404) {
    return {
      ...general,
      hint: `Another language model is named by "customModel"; the model itself stays ${volcengineEntry.defaultModel}.`,
      facts: { provider: volcengineEntry.id, options: ['model', 'providerOptions.customModel'] },
    };
  }
  return undefined;
}
