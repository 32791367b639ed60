import { priceOf } from '../contract/cost.js';
import type { ModelPrice, PriceTable } from '../contract/prices.js';

/** Prices of the larger models. The generations differ only in the price of text output. */
function voiceModel(textOut: number): ModelPrice {
  return {
    input: { text: 4, audio: 32, image: 5, cachedText: 0.4, cachedAudio: 0.4, cachedImage: 0.5 },
    output: { text: textOut, audio: 64 },
  };
}

/**
 * Published prices by provider, in US dollars per million tokens. Only models whose prices are on the provider's own
 * pages are listed; providers that charge by the minute or by individual contract are not.
 */
const published: Readonly<Record<string, PriceTable>> = {
  // https://developers.openai.com/api/docs/models/<model>, as of `date`.
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
 * The table with the price of this model: the user's own, otherwise the provider's published one. Published prices do
 * not apply to the user's own server, whatever its models are called. Undefined if no price is known.
 */
export function pricesFor(
  { provider, model, ownServer }: { provider: string; model: string; ownServer: boolean },
  own: PriceTable | undefined,
): PriceTable | undefined {
  if (own !== undefined && priceOf(model, own) !== undefined) return own;
  const table = ownServer || !Object.hasOwn(published, provider) ? undefined : published[provider];
  return table !== undefined && priceOf(model, table) !== undefined ? table : undefined;
}
