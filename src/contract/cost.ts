import type { ModelPrice, PriceTable, TokenPrices } from './prices.js';
import type { TokenCount, Usage } from './usage.js';

/** Prices are per so many tokens. */
const unit = 1_000_000;
/** Decimal places of an amount: finer than one token of anything, coarser than the noise of floating point. */
const places = 1e9;

/** An amount of money without the noise of floating point. */
export function roundMoney(amount: number): number {
  return Math.round(amount * places) / places;
}

/** The price whose name fits the model best: its own name, else the longest `prefix*`. */
export function priceOf(model: string, table: PriceTable): ModelPrice | undefined {
  if (Object.hasOwn(table.models, model)) return table.models[model];
  let longest = '';
  for (const name of Object.keys(table.models)) {
    if (name.endsWith('*') && model.startsWith(name.slice(0, -1)) && name.length > longest.length)
      longest = name;
  }
  return longest === '' ? undefined : table.models[longest];
}

/** What these tokens cost, in the currency of the table; undefined where it has no price for the model. */
export function costOf(usage: Usage, model: string, table: PriceTable): number | undefined {
  const price = priceOf(model, table);
  if (price === undefined) return undefined;
  return roundMoney((costOfCount(usage.input, price.input) + costOfCount(usage.output, price.output)) / unit);
}

/** In prices per token. */
function costOfCount(count: TokenCount, price: TokenPrices): number {
  const { text, audio = text, image = text } = price;
  const cached = cachedByKind(count);
  return (
    (count.text - cached.text) * text +
    cached.text * (price.cachedText ?? text) +
    (count.audio - cached.audio) * audio +
    cached.audio * (price.cachedAudio ?? audio) +
    (count.image - cached.image) * image +
    cached.image * (price.cachedImage ?? image)
  );
}

/**
 * Cached tokens are part of the others. What no kind claims is text, as far as there was text, else sound, else
 * pictures.
 */
function cachedByKind(count: TokenCount): Record<'text' | 'audio' | 'image', number> {
  const told = {
    audio: Math.min(count.audio, count.cachedAudio ?? 0),
    image: Math.min(count.image, count.cachedImage ?? 0),
  };
  let left = Math.max(0, count.cached - told.audio - told.image);
  const take = (most: number): number => {
    const taken = Math.min(left, Math.max(0, most));
    left -= taken;
    return taken;
  };
  const text = take(count.text);
  const audio = told.audio + take(count.audio - told.audio);
  return { text, audio, image: told.image + take(count.image - told.image) };
}
