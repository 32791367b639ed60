import { describe, expect, test } from 'vitest';
import { costOf } from '../../src/contract/cost.js';
import type { PriceTable } from '../../src/contract/prices.js';
import { pricesFor } from '../../src/providers/price-list.js';

const model = 'gpt-realtime-2.1';
const published = { provider: 'openai', model, ownServer: false };

function own(name: string): PriceTable {
  return {
    date: '2026-01-01',
    currency: 'EUR',
    models: { [name]: { input: { text: 1 }, output: { text: 1 } } },
  };
}

describe('pricesFor', () => {
  test('returns the published prices, with their date', () => {
    const table = pricesFor(published, undefined);
    expect(table).toMatchObject({ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), currency: 'USD' });
  });

  test('prefers the user’s prices, but only for the models they list', () => {
    expect(pricesFor(published, own('gpt-*'))?.currency).toBe('EUR');
    expect(pricesFor(published, own('other'))?.currency).toBe('USD');
  });

  test("has no prices for the user's own server, unless the user sets them", () => {
    expect(pricesFor({ ...published, ownServer: true }, undefined)).toBeUndefined();
    expect(pricesFor({ ...published, ownServer: true }, own(model))?.currency).toBe('EUR');
  });

  test('has no prices for unknown providers and models', () => {
    expect(pricesFor({ ...published, provider: 'local' }, undefined)).toBeUndefined();
    expect(pricesFor({ ...published, provider: 'toString' }, undefined)).toBeUndefined();
    expect(pricesFor({ ...published, model: 'gpt-realtime-9' }, undefined)).toBeUndefined();
  });
});

test('prices a spoken turn as the price page does', () => {
  const usage = {
    input: { text: 119, audio: 13, image: 0, cached: 64, cachedAudio: 0, cachedImage: 0 },
    output: { text: 30, audio: 91, image: 0, cached: 0 },
    total: 253,
  };
  const table = pricesFor(published, undefined);
  // 55 × 4 + 64 × 0.40 + 13 × 32 + 30 × 24 + 91 × 64 millionths of a dollar.
  expect(table && costOf(usage, model, table)).toBe(0.0072056);
});
