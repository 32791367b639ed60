import { describe, expect, it } from 'vitest';
import { bannedTerms, matches } from '../../src/agents/built-in-guardrails.js';
import type { OutputGuardrail } from '../../src/agents/guardrail.js';

/** Feeds the text letter by letter, as the worst provider would; returns how much was said when it tripped. */
function trippedAt(guardrail: OutputGuardrail, text: string): number | undefined {
  for (let end = 1; end <= text.length; end++) if (trips(guardrail, text.slice(0, end), end - 1)) return end;
  return trips(guardrail, text, text.length, true) ? text.length : undefined;
}

function trips(
  guardrail: OutputGuardrail,
  text: string,
  checkedCharacters: number,
  complete = false,
): boolean {
  const verdict = guardrail.check({
    text,
    checkedCharacters,
    complete,
    agent: 'a',
    responseId: 'r',
    itemId: 'i',
    context: undefined,
    signal: new AbortController().signal,
  });
  return typeof verdict === 'object' && 'tripped' in verdict && verdict.tripped;
}

describe('bannedTerms', () => {
  it.each([
    ['ass', 'You are an ass, sir', true],
    ['ass', 'I assume the class passes', false],
    ['ass', 'He is an ass', true],
    ['cafe', 'Im CAFÉ nebenan', true],
    ['Café', 'in the cafe, now', true],
    ['top secret', 'it is top\n  SECRET!', true],
    ['top secret', 'top of the secret', false],
    ['top secret', 'topsecret', false],
    ['C++', 'Learn C++ now', true],
    ['a.b', 'axb', false],
    ['дурак', 'Ты ДУРАК.', true],
    ['дурак', 'дураками', false],
    ['笨蛋', '他是笨蛋吗？', true],
    ['바보', '이 바보야', true],
    ['कम', 'यह काम है', false],
    ['قلم', 'هذا قَلَم جديد', true],
  ])('finds %j in %j: %j', (term, text, expected) => {
    expect(trippedAt(bannedTerms('rule', ['never said', term]), text) !== undefined).toBe(expected);
  });

  it('trips as soon as the word is over, not when its beginning looks like one', () => {
    const rule = bannedTerms('rule', ['ass']);
    expect(trippedAt(rule, 'an ass, really')).toBe('an ass,'.length);
    expect(trippedAt(rule, 'an assumption')).toBeUndefined();
  });

  it('checks the whole text once it is complete, whatever was checked before', () => {
    const text = `bad ${'word '.repeat(1000)}`;
    expect(trips(bannedTerms('rule', ['bad']), text, text.length)).toBe(false);
    expect(trips(bannedTerms('rule', ['bad']), text, text.length, true)).toBe(true);
  });

  it('gives the reason, and the feedback for the model where the program sets it', () => {
    const input = {
      text: 'bad',
      checkedCharacters: 0,
      complete: true,
      agent: 'a',
      responseId: 'r',
      itemId: 'i',
      context: undefined,
      signal: new AbortController().signal,
    };
    expect(bannedTerms('manners', ['bad'], { feedback: 'Be kind.' }).check(input)).toEqual({
      tripped: true,
      message: 'The assistant said something that the rule "manners" does not allow.',
      feedback: 'Be kind.',
    });
  });

  it.each([[[]], [['ok', ' -- ']]])('refuses %j', (terms) => {
    expect(() => bannedTerms('rule', terms)).toThrow(expect.objectContaining({ exitCode: 3 }));
  });
});

describe('matches', () => {
  it('finds matches, whatever their case, across all pieces of the text', () => {
    expect(trippedAt(matches('card', ['\\b\\d{4}-\\d{4}\\b']), 'It is 1234-5678, sir.')).toBe(
      'It is 1234-5678,'.length,
    );
    expect(trippedAt(matches('card', ['\\b\\d{4}-\\d{4}\\b']), 'It is 12345-5678.')).toBeUndefined();
    expect(trippedAt(matches('greeting', ['guten tag']), 'GUTEN TAG')).toBeDefined();
    expect(trippedAt(matches('case', [/Secret/]), 'a secret')).toBeUndefined();
  });

  it('does not remember where the last search of a global pattern ended', () => {
    const rule = matches('rule', [/bad/g]);
    for (let i = 0; i < 3; i++) expect(trips(rule, 'bad ', 0)).toBe(true);
  });

  it('sees all of a long text that comes at once', () => {
    for (const at of [0, 900, 1000, 1999, 2500, 4990]) {
      const text = `${'x'.repeat(at)} bad ${'x'.repeat(5000 - at)}`;
      expect(trips(matches('rule', ['bad']), text, 0, true)).toBe(true);
    }
  });

  it('names an invalid pattern', () => {
    expect(() => matches('rule', ['fine', '(oops'])).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringContaining('"(oops"') }),
    );
    expect(() => matches('rule', [])).toThrow(expect.objectContaining({ exitCode: 3 }));
  });

  it('disables a pattern that would take forever, says so once, and continues with the others', () => {
    const rule = matches('rule', ['^(a+)+$', 'bad']);
    const started = performance.now();
    expect(() => trips(rule, `${'a'.repeat(500)}!`, 0, true)).toThrow('/^(a+)+$/iu takes longer than 50 ms');
    expect(trips(rule, `${'a'.repeat(500)}! bad`, 0, true)).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
