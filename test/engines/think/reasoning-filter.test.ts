import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReasoningFilter } from '../../../src/engines/think/reasoning-filter.js';

describe('reasoning of a model', () => {
  const filtered = (...pieces: string[]): string => {
    const filter = new ReasoningFilter();
    return pieces.map((piece) => filter.push(piece)).join('') + filter.flush();
  };

  test('is removed with the white space around it', () => {
    expect(filtered('<think>\nHm, "a < b".\n</think>\n\nGood day.')).toBe('Good day.');
    expect(filtered('Well, <THINKING>x</THINKING>yes.')).toBe('Well, yes.');
    expect(filtered('<think>never ends')).toBe('');
    expect(filtered('Hm.</think>', ' Yes.')).toBe('Hm. Yes.');
  });

  test('other tags are words', () => {
    expect(filtered('1 < 2 and <b>bold</b> and <thin')).toBe('1 < 2 and <b>bold</b> and <thin');
  });

  test('is removed wherever the pieces are cut', () => {
    const text = '<think>one</think>Two <thinking>three < 3</thinking>four <5';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(filtered(...places.slice(1).map((end, n) => text.slice(places[n], end)))).toBe('Two four <5');
      }),
    );
  });
});
