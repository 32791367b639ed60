import { expect, test } from 'vitest';
import type { PriceTable } from '../../../src/contract/prices.js';
import { refuseUnknownCost } from '../../../src/session/start/cost-refusal.js';
import { fullProfile } from '../../conversation/support/profiles.js';

const prices: PriceTable = { date: '2026-03-01', currency: 'USD', models: {} };

test('a limit of cost needs prices, and a server that counts', () => {
  const limit = { maxCost: 1 };
  const refusal = (code: string) => expect.objectContaining({ code, exitCode: 3 });
  expect(() => refuseUnknownCost(fullProfile, limit, undefined)).toThrow(refusal('cost.unknown'));
  const silent = { ...fullProfile, usage: 'none' } as const;
  expect(() => refuseUnknownCost(silent, limit, prices)).toThrow(refusal('cost.uncounted'));
  expect(() => refuseUnknownCost(fullProfile, limit, prices)).not.toThrow();
  expect(() => refuseUnknownCost(fullProfile, { maxTurns: 1 }, undefined)).not.toThrow();
  expect(() => refuseUnknownCost(fullProfile, undefined, undefined)).not.toThrow();
});
