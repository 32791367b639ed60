import { expect, test } from 'vitest';
import { Outbox } from '../../src/conversation/outbox.js';
import type { Usage } from '../../src/conversation/usage.js';
import { UsageMeter } from '../../src/conversation/usage-meter.js';

function usage(tokens: number): Usage {
  const count = { text: tokens, audio: 2 * tokens, image: 0, cached: tokens };
  return { input: count, output: count, total: 6 * tokens };
}

function reports(cumulative: boolean, ...tokens: number[]) {
  const out = new Outbox();
  const meter = new UsageMeter(out, cumulative);
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
