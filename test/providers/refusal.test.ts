import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generalRefusal, serverWords } from '../../src/providers/refusal.js';

describe('serverWords', () => {
  it.each([
    ['{"error":{"message":"No such model."}}', 'No such model.'],
    ['{"error":"No such model."}', 'No such model.'],
    ['{"message":"No such model."}', 'No such model.'],
    ['{"detail":"No such model."}', 'No such model.'],
    ['No such\n  model.\n', 'No such model.'],
    ['No\u001b[31m such model.', 'No [31m such model.'],
    ['<html>No such model.</html>', undefined],
    ['{"code":5}', undefined],
    ['[1]', '[1]'],
    ['', undefined],
  ])('%j', (body, words) => {
    expect(serverWords(body)).toBe(words);
  });

  it('are one short line, whatever the body is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('long '.repeat(999))), (body) => {
        const words = serverWords(body) ?? '';
        expect(words.length).toBeLessThanOrEqual(300);
        expect(words).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('generalRefusal', () => {
  const provider = { keyVariables: ['SOME_KEY'], keyHint: 'https://example.org/keys' };

  it('names the variable and where to get a key', () => {
    expect(generalRefusal(401, '', provider)).toMatchObject({
      cause: 'credentials',
      hint: 'Check SOME_KEY. Keys come from https://example.org/keys.',
    });
  });

  it.each([
    [400, true],
    [401, true],
    [404, true],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
  ])('HTTP %s is final: %s', (status, fatal) => {
    expect(generalRefusal(status, '', provider).fatal).toBe(fatal);
  });
});
