import type { CloseMeaning, Provider } from './provider.js';

type Named = Pick<Provider, 'keyVariables' | 'keyHint'>;

/** HTTP 429 means an empty account as well as too many requests; only the text tells which. */
const usedUp =
  /insufficient_quota|billing_hard_limit|exceeded your current quota|insufficient.{0,10}(balance|credit)/i;

const byAddress = { facts: { options: ['url'] } };

/** What a refused WebSocket upgrade means if the provider has no explanation of its own. */
export function generalRefusal(status: number, body: string, provider: Named): CloseMeaning {
  const [key] = provider.keyVariables;
  const words = serverWords(body);
  const said = words === undefined ? '.' : `: ${words}`;
  const meaning = (
    cause: CloseMeaning['cause'],
    text: string,
    hint: string,
    more: Partial<CloseMeaning> = {},
  ) => {
    return { fatal: true, cause, message: `${text} (HTTP ${status})${said}`, hint, ...more };
  };
  if (status === 401 || status === 403) {
    const from = provider.keyHint === undefined ? '' : ` Keys come from ${provider.keyHint}.`;
    const hint = key === undefined ? 'The server wants credentials.' : `Check ${key}.${from}`;
    return meaning('credentials', 'The server does not accept the key', hint);
  }
  if (status === 404) {
    return meaning('refused', 'The server has nothing there', 'Check the model and the address.', {
      facts: { options: ['model', 'url'] },
    });
  }
  if (status === 402 || (status === 429 && usedUp.test(body))) {
    const at = provider.keyHint === undefined ? '' : `: ${provider.keyHint}`;
    return meaning(
      'refused',
      "The account's limit is used up",
      `Waiting does not help. Check its credit and its plan${at}`,
    );
  }
  if (status === 429) {
    return meaning('refused', 'The server has had too many requests', 'Wait a little, or check your plan.', {
      fatal: false,
    });
  }
  if (status === 408 || status >= 500) {
    return meaning('refused', 'The server is in trouble', 'Try again in a moment.', { fatal: false });
  }
  if (status >= 300 && status < 400) {
    return meaning('refused', 'The server sends us elsewhere', 'Give the final address.', byAddress);
  }
  return meaning('refused', 'The server opened no WebSocket', 'Check the address.', byAddress);
}

/** The message in an error body: OpenAI's JSON, a `message` or `detail`, or plain text. Undefined for HTML pages. */
export function serverWords(body: string): string | undefined {
  const words = jsonWords(body) ?? body;
  const line = words.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (line === '' || line.startsWith('<') || line.startsWith('{')) return undefined;
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function jsonWords(body: string): string | undefined {
  try {
    let value: unknown = JSON.parse(body);
    // {"error":{"message":…}}, {"error":…}, {"message":…}, {"detail":…}
    for (let depth = 0; depth < 2 && typeof value === 'object' && value !== null; depth++) {
      const fields: Readonly<Record<string, unknown>> = { ...value };
      value = fields.error ?? fields.message ?? fields.detail;
    }
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
