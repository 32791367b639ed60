import { describe, expect, test } from 'vitest';
import { costOf, priceOf } from '../../src/contract/cost.js';
import type { ModelPrice, PriceTable } from '../../src/contract/prices.js';
import type { TokenCount, Usage } from '../../src/contract/usage.js';
import { Random } from '../conversation/support/random.js';

const none: TokenCount = { text: 0, audio: 0, image: 0, cached: 0 };

function used(input: Partial<TokenCount>, output: Partial<TokenCount> = {}): Usage {
  return { input: { ...none, ...input }, output: { ...none, ...output }, total: 0 };
}

function table(models: Record<string, ModelPrice>): PriceTable {
  return { date: '2026-03-01', currency: 'USD', models };
}

const voice: ModelPrice = {
  input: { text: 4, audio: 32, image: 5, cachedText: 0.4, cachedAudio: 0.5, cachedImage: 0.6 },
  output: { text: 16, audio: 64 },
};

const million = 1_000_000;
const cost = (usage: Usage, price = voice) => costOf(usage, 'm', table({ m: price }));

describe('what tokens cost', () => {
  test('each kind has its price, in and out', () => {
    expect(cost(used({ text: million }))).toBe(4);
    expect(cost(used({ audio: million }))).toBe(32);
    expect(cost(used({ image: million }))).toBe(5);
    expect(cost(used({}, { text: million, audio: million }))).toBe(80);
  });

  test('cached tokens are part of the others and priced by their kind', () => {
    const input = { text: 300, audio: 1000, cached: 700, cachedAudio: 500 };
    expect(cost(used(input))).toBe((100 * 4 + 200 * 0.4 + 500 * 32 + 500 * 0.5) / million);
  });

  test('cached tokens beyond what is text can only be sound', () => {
    expect(cost(used({ text: 30, audio: 200, cached: 100 }))).toBe(
      (30 * 0.4 + 130 * 32 + 70 * 0.5) / million,
    );
  });

  test('a kind without a price of its own costs as much as text, what is cached as much as what is not', () => {
    const plain = { input: { text: 2 }, output: { text: 3 } };
    expect(cost(used({ audio: million, cached: million }, { audio: million }), plain)).toBe(5);
  });

  test('whatever a provider reports, the cost lies between nothing and the full price', () => {
    const chance = new Random(7);
    const next = () => chance.next();
    const count = () => Math.floor(next() * 1000);
    for (let run = 0; run < 500; run++) {
      const input = { text: count(), audio: count(), image: count(), cached: count() * 3 };
      const kinds = next() < 0.5 ? {} : { cachedAudio: count(), cachedImage: count() };
      const full = (input.text * 4 + input.audio * 32 + input.image * 5) / million;
      const least = (input.text * 0.4 + input.audio * 0.5 + input.image * 0.6) / million;
      const real = cost(used({ ...input, ...kinds })) ?? Number.NaN;
      expect(real).toBeGreaterThanOrEqual(least - 1e-9);
      expect(real).toBeLessThanOrEqual(full + 1e-9);
    }
  });
});

describe('which price', () => {
  const price = (text: number): ModelPrice => ({ input: { text }, output: { text } });
  const prices = table({ 'a*': price(1), 'a-b*': price(2), 'a-b-c': price(3) });

  test('the longest name that fits counts', () => {
    expect(priceOf('a-b-c', prices)?.input.text).toBe(3);
    expect(priceOf('a-b-cd', prices)?.input.text).toBe(2);
    expect(priceOf('a-x', prices)?.input.text).toBe(1);
  });

  test('an unknown model costs something nobody knows, which is not nothing', () => {
    expect(costOf(used({ text: 1 }), 'b', prices)).toBeUndefined();
    expect(costOf(used({ text: 1 }), 'constructor', prices)).toBeUndefined();
  });
});
