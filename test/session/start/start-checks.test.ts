import { describe, expect, it } from 'vitest';
import type { PriceTable } from '../../../src/contract/prices.js';
import {
  checkCostLimit,
  checkLimits,
  checkOptions,
  checkTurns,
} from '../../../src/session/start/start-checks.js';
import { fullProfile } from '../../conversation/support/profiles.js';
import { profile } from '../fake-link.js';

it('names the options that a provider does not have', () => {
  expect(() => checkOptions('gemini', { inputFormat: 'pcmu', region: undefined })).toThrow(
    'The provider gemini has no option inputFormat.',
  );
  expect(() => checkOptions('openai', { inputFormat: 'pcmu', headers: {} })).not.toThrow();
  expect(() => checkOptions('openai')).not.toThrow();
});

it('does not know what a provider of the program’s own takes', () => {
  expect(() => checkOptions('mine', { bot: 'b' })).not.toThrow();
});

const stubborn = { ...profile, clientTurns: false };

describe('turns that cannot be ended as asked', () => {
  it.each(['client', 'none'] as const)('%s is refused before anything is connected', (type) => {
    const refuse = () => checkTurns(stubborn, { turnDetection: { type } }, 2);
    expect(refuse).toThrow(expect.objectContaining({ code: 'turns.unsupported', exitCode: 2 }));
    expect(() => checkTurns(profile, { turnDetection: { type } })).not.toThrow();
  });

  it('what the provider does itself is never refused', () => {
    expect(() => checkTurns(stubborn, { turnDetection: { type: 'server' } })).not.toThrow();
    expect(() => checkTurns(stubborn, {})).not.toThrow();
  });
});

const prices: PriceTable = { date: '2026-03-01', currency: 'USD', models: {} };

describe('limits', () => {
  it.each([
    ['maxTurns', -1],
    ['maxTurns', 0],
    ['maxTurns', 1.5],
    ['maxTurns', Number.NaN],
    ['maxDurationMs', -5],
    ['maxDurationMs', Number.POSITIVE_INFINITY],
    ['maxCost', 0],
    ['maxToolRounds', 0],
    ['maxCallsPerResponse', 2.5],
    ['maxTextLength', 200_001],
  ])('%s: %d is refused', (name, value) => {
    const refusal = { code: 'usage.limits', exitCode: 2, message: `\`limits.${name}\` is ${value}.` };
    expect(() => checkLimits({ [name]: value })).toThrow(expect.objectContaining(refusal));
  });

  it('what limits something is not', () => {
    expect(() =>
      checkLimits({ maxTurns: 1, maxDurationMs: 0.5, maxCost: 0.01, maxToolRounds: undefined }),
    ).not.toThrow();
    expect(() => checkLimits(undefined)).not.toThrow();
  });
});

it('a limit of cost needs prices, and a server that counts', () => {
  const limit = { maxCost: 1 };
  const refusal = (code: string) => expect.objectContaining({ code, exitCode: 3 });
  expect(() => checkCostLimit(fullProfile, limit, undefined)).toThrow(refusal('cost.unknown'));
  const silent = { ...fullProfile, usage: 'none' } as const;
  expect(() => checkCostLimit(silent, limit, prices)).toThrow(refusal('cost.uncounted'));
  expect(() => checkCostLimit(fullProfile, limit, prices)).not.toThrow();
  expect(() => checkCostLimit(fullProfile, { maxTurns: 1 }, undefined)).not.toThrow();
  expect(() => checkCostLimit(fullProfile, undefined, undefined)).not.toThrow();
});
