import { expect, test } from 'vitest';
import type { Usage } from '../../../src/contract/usage.js';
import { Outbox } from '../../../src/conversation/core/outbox.js';
import { UsageMeter } from '../../../src/conversation/spending/usage-meter.js';

function usage(tokens: number): Usage {
  const count = { text: tokens, audio: 2 * tokens, image: 0, cached: tokens };
  return { input: count, output: count, total: 6 * tokens };
}

function reports(cumulative: boolean, ...tokens: number[]) {
  const out = new Outbox();
  const meter = new UsageMeter(out, { cumulative, model: 'm-1' });
  for (const count of tokens) meter.count(usage(count));
  const events = out.drain().flatMap((effect) => (effect.type === 'emit' ? [effect.event] : []));
  return { meter, events };
}

test('reports of single responses add up; what was cached is part of the input, never on top', () => {
  const { meter, events } = reports(false, 1, 2);
  expect(meter.total).toEqual(usage(3));
  expect(events).toEqual([
    { type: 'usage', usage: usage(1), session: usage(1) },
    { type: 'usage', usage: usage(2), session: usage(3) },
  ]);
});

test('running totals are told apart again', () => {
  const { meter, events } = reports(true, 1, 3, 3);
  expect(meter.total).toEqual(usage(3));
  expect(events).toMatchObject([{ usage: usage(1) }, { usage: usage(2) }, { usage: usage(0) }]);
});

test('a running total that falls is not paid back', () => {
  expect(reports(true, 5, 2).meter.total).toEqual(usage(5));
});

test('kinds of cached tokens add up where a provider tells them', () => {
  const out = new Outbox();
  const meter = new UsageMeter(out, { cumulative: false, model: 'm-1' });
  const input = { text: 5, audio: 9, image: 0, cached: 6, cachedAudio: 4, cachedImage: 0 };
  const output = { text: 1, audio: 2, image: 0, cached: 0 };
  meter.count({ input, output, total: 17 });
  meter.count({ input: { ...output, cached: 1 }, output, total: 6 });
  meter.count({ input, output, total: 17 });
  expect(meter.total.input).toEqual({
    text: 11,
    audio: 20,
    image: 0,
    cached: 13,
    cachedAudio: 8,
    cachedImage: 0,
  });
  expect(meter.total.output).not.toHaveProperty('cachedAudio');
});

const prices = {
  date: '2026-03-01',
  currency: 'EUR',
  models: { 'm-*': { input: { text: 0.1, audio: 0.2 }, output: { text: 0.3 } } },
};

test('each report tells its cost and the cost so far, without the noise of floating point', () => {
  const out = new Outbox();
  const meter = new UsageMeter(out, { cumulative: false, model: 'm-1', prices });
  const report = {
    input: { text: 1_000_000, audio: 1_000_000, image: 0, cached: 0 },
    output: { text: 0, audio: 0, image: 0, cached: 0 },
    total: 2_000_000,
  };
  for (let times = 0; times < 3; times++) meter.count(report);
  const events = out.drain().flatMap((effect) => (effect.type === 'emit' ? [effect.event] : []));
  expect(events.map((event) => event.type === 'usage' && event.cost)).toEqual([
    { amount: 0.3, session: 0.3, currency: 'EUR', pricesOf: '2026-03-01' },
    { amount: 0.3, session: 0.6, currency: 'EUR', pricesOf: '2026-03-01' },
    { amount: 0.3, session: 0.9, currency: 'EUR', pricesOf: '2026-03-01' },
  ]);
  expect(meter.cost).toBe(0.9);
});

test('a model without a price has no cost, not even nothing', () => {
  const out = new Outbox();
  const meter = new UsageMeter(out, { cumulative: false, model: 'other', prices });
  meter.count(usage(1));
  expect(out.drain()).toEqual([
    { type: 'emit', event: { type: 'usage', usage: usage(1), session: usage(1) } },
  ]);
});
