import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanJson, cleanText } from '../../../src/terminal/text/clean-text.js';
import { shortName } from '../../../src/terminal/text/short-name.js';

describe('cleanText', () => {
  it.each([
    ['colours', 'a\x1b[31mb\x1b[0m', 'ab'],
    ['a colour before a bell', '\x1b[31mb\x07c', 'bc'],
    ['images and other strings', 'a\x1bPq#0;2\x1b\\b\x1b_Gf=100;AAAA\x1b\\c\x9d0;t\x9cd', 'abcd'],
    ['a reset', 'a\x1bcb\x1b(0c', 'abc'],
    ['titles', 'a\x1b]0;evil\x07b', 'ab'],
    ['hyperlinks', '\x1b]8;;http://x\x1b\\y\x1b]8;;\x1b\\', 'y'],
    ['one-byte sequences', 'a\x9b2Jb', 'ab'],
    ['an unfinished sequence', 'a\x1b', 'a'],
    ['carriage returns', 'a\rb\r\nc', 'a\nb\nc'],
    ['tabs, bells and backspaces', 'a\tb\x07\x08', 'a b'],
    ['direction overrides', 'a\u202eb\u2066c\u2069', 'abc'],
    ['direction marks', 'a\u200eb\u200fc\u061cd', 'abcd'],
    ['spaces without width', 'a\u200bb\ufeffc\u2060d\u00ade\u180ef', 'abcdef'],
    ['fillers', 'a\u3164b\u115fc\uffa0', 'abc'],
    ['tag characters', 'a\u{e0001}b\u{e0041}\u{e007f}c', 'abc'],
    ['selectors that carry hidden bytes', 'a\ufe00\ufe01\ufe02b\u{e0100}\u{e01ef}c', 'a\ufe00bc'],
    ['joiners that join nothing', '\u200da \u200cb\u200c\u200d\u200cc', 'a b\u200cc'],
    ['halves that would become one', 'a\udb40\u200b\udc41', 'a\ufffd\ufffd'],
  ])('removes %s', (_, dirty, clean) => {
    expect(cleanText(dirty)).toBe(clean);
  });

  it.each(['👩‍👩‍👧', '❤️', 'नमस्ते', 'می‌خواهم', 'क्‍ष', 'שלום', '🇳🇴', 'e\u0301'])('keeps %s', (text) => {
    expect(cleanText(text)).toBe(text);
  });
});

it.each(['\x9d', '\x90', '\x1b]', '\x1b[', '\x9b0'])('cleans a flood of %j quickly', (start) => {
  const startedAtMs = performance.now();
  expect(cleanText(`a${start.repeat(300_000)}`)).toMatch(/^a/);
  // Quadratic, it would take a minute.
  expect(performance.now() - startedAtMs).toBeLessThan(2000);
});

it('cuts names that somebody made up', () => {
  expect(shortName('get_weather')).toBe('get_weather');
  expect(shortName(`a\u200b\n${'x'.repeat(10_000_000)}`)).toBe(`a ${'x'.repeat(61)}…`);
});

it('writes equivalent JSON without anything a terminal acts upon', () => {
  expect(cleanJson({ a: 'é\x9b2J\u202e\x1b' })).toBe('{"a":"é\\u009b2J\\u202e\\u001b"}');
  expect(cleanJson({ a: '\u200b\u{e0041}👩‍👧' })).toBe('{"a":"\\u200b\\udb40\\udc41👩‍👧"}');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = cleanJson({ text });
      expect(JSON.parse(json)).toEqual({ text });
      expect(json).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
    }),
  );
});
