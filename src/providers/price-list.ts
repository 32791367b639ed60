import { priceOf } from '../contract/cost.js';
import type { ModelPrice, PriceTable } from '../contract/prices.js';

/** Of the larger models; what differs between the generations is the price of written answers. */
function voiceModel(textOut: number): ModelPrice {
  return {
    input: { text: 4, audio: 32, image: 5, cachedText: 0.4, cachedAudio: 0.4, cachedImage: 0.5 },
    output: { text: textOut, audio: 64 },
  };
}

/**
 * What providers publish, by provider: US dollars per million tokens. Only models whose prices were found on the provider's own
 * pages; providers that charge by the minute, or by a contract of one's own, have none.
 */
const published: Readonly<Record<string, PriceTable>> = {
  // https://developers.openai.com/api/docs/models/<model>, read on that day.
  openai: {
    date: '2026-11-21',
    currency: 'USD',
    models: {
      'gpt-realtime-1.5': voiceModel(16),
      'gpt-realtime-2': voiceModel(24),
      'gpt-realtime-2.1': voiceModel(24),
      'gpt-realtime-2.1-mini': {
        input: { text: 0.6, audio: 10, image: 0.8, cachedText: 0.06, cachedAudio: 0.3, cachedImage: 0.08 },
        output: { text: 2.4, audio: 20 },
      },
    },
  },
};

/**
 * The table that has a price for this model: the user's own, else what the provider publishes. A server of one's own costs
 * what its owner says, whatever its models are called. Undefined where nobody knows.
 */
export function pricesFor(
  { provider, model, ownServer }: { provider: string; model: string; ownServer: boolean },
  own: PriceTable | undefined,
): PriceTable | undefined {
  if (own !== undefined && priceOf(model, own) !== undefined) return own;
  const table = ownServer || !Object.hasOwn(published, provider) ? undefined : published[provider];
  return table !== undefined && priceOf(model, table) !== undefined ? table : undefined;
}
