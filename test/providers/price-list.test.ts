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

describe('which prices count', () => {
  test('those of the provider, with their date', () => {
    const table = pricesFor(published, undefined);
    expect(table).toMatchObject({ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), currency: 'USD' });
  });

  test('the user knows better, but only about the models he names', () => {
    expect(pricesFor(published, own('gpt-*'))?.currency).toBe('EUR');
    expect(pricesFor(published, own('other'))?.currency).toBe('USD');
  });

  test("nobody knows what a server of one's own costs, unless its owner says so", () => {
    expect(pricesFor({ ...published, ownServer: true }, undefined)).toBeUndefined();
    expect(pricesFor({ ...published, ownServer: true }, own(model))?.currency).toBe('EUR');
  });

  test('unknown providers and models have no price', () => {
    expect(pricesFor({ ...published, provider: 'local' }, undefined)).toBeUndefined();
    expect(pricesFor({ ...published, provider: 'toString' }, undefined)).toBeUndefined();
    expect(pricesFor({ ...published, model: 'gpt-realtime-9' }, undefined)).toBeUndefined();
  });
});

test('a turn of a spoken talk costs what its price page says', () => {
  const usage = {
    input: { text: 119, audio: 13, image: 0, cached: 64, cachedAudio: 0, cachedImage: 0 },
    output: { text: 30, audio: 91, image: 0, cached: 0 },
    total: 253,
  };
  const table = pricesFor(published, undefined);
  // 55 × 4 + 64 × 0.40 + 13 × 32 + 30 × 24 + 91 × 64 millionths of a dollar.
  expect(table && costOf(usage, model, table)).toBe(0.0072056);
});
