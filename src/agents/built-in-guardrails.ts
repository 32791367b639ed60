import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { GuardrailInput, OutputGuardrail } from './guardrail.js';
import { TimeLimitedPattern } from './time-limited-pattern.js';

export interface RuleOptions {
  /** For the model: what it must avoid. Default: the name of the rule, and that it should say something else. */
  readonly feedback?: string | undefined;
}

/** This much of the text before is searched again, because a match may have started there. */
const overlapCharacters = 1000;

/** Scripts written without spaces, or with endings attached to words: there a term is found anywhere. */
const unspaced = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan']
  .map((script) => `\\p{Script=${script}}`)
  .join('');
const letter = `[[\\p{L}\\p{M}\\p{N}_]--[${unspaced}]]`;
const lastWord = new RegExp(`${letter}+$`, 'v');

/**
 * Trips at any of these terms: whole words in any script, ignoring case and accents; phrases with any white space
 * between their words. Checks every piece of text as it arrives. @throws VoxtermError exit 3 without terms, or with a
 * term that has no letter or digit.
 */
export function bannedTerms(
  name: string,
  terms: readonly string[],
  options: RuleOptions = {},
): OutputGuardrail {
  if (terms.length === 0) throw invalid(name, 'has no terms', 'Name at least one word or phrase.');
  const sources = terms.map((term) => {
    const words = plain(term).trim();
    if (/[\p{L}\p{N}]/u.test(words)) return wholeWords(words);
    throw invalid(
      name,
      `has the term ${JSON.stringify(term)}, which contains no letter or digit`,
      'Name words or phrases.',
    );
  });
  const pattern = new RegExp(sources.join('|'), 'v');
  return rule(name, options, (text) => pattern.test(plain(text)));
}

/**
 * Trips where one of these patterns matches: regular expressions, or their sources in JavaScript syntax, which ignore
 * case and use Unicode mode. Checks every piece of text as it arrives. A match may span up to 1000 characters. A
 * pattern that takes too long is disabled with a warning, so that it cannot stall the conversation. @throws
 * VoxtermError exit 3 for an invalid pattern.
 */
export function matches(
  name: string,
  patterns: readonly (string | RegExp)[],
  options: RuleOptions = {},
): OutputGuardrail {
  if (patterns.length === 0) throw invalid(name, 'has no patterns', 'Give at least one regular expression.');
  const compiled = patterns.map((pattern) => new TimeLimitedPattern(compile(name, pattern)));
  return rule(name, options, (text) =>
    windows(text).some((window) => compiled.some((pattern) => pattern.matches(window))),
  );
}

function rule(
  name: string,
  { feedback }: RuleOptions,
  isTripped: (text: string) => boolean,
): OutputGuardrail {
  const message = `The assistant said something that the rule "${name}" does not allow.`;
  return {
    name,
    debounceCharacters: 1,
    check: (input) => isTripped(toCheck(input)) && { tripped: true, message, feedback },
  };
}

/** A word that may be unfinished is not checked yet: "ass" may become "assume". */
function toCheck({ text, checkedCharacters, complete }: GuardrailInput): string {
  // A provider's final text may differ from the pieces it sent.
  if (complete) return text;
  return text.slice(Math.max(0, checkedCharacters - overlapCharacters)).replace(lastWord, '');
}

function windows(text: string): string[] {
  const pieces = [text.slice(0, 2 * overlapCharacters)];
  for (let start = overlapCharacters; start + overlapCharacters < text.length; start += overlapCharacters)
    pieces.push(text.slice(start, start + 2 * overlapCharacters));
  return pieces;
}

/** Without case and accents: `Café` and `CAFE` are the same word. Vowel signs that distinguish words stay. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g, '')
    .normalize('NFC')
    .toLowerCase();
}

function wholeWords(term: string): string {
  const words = term.split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  // A term may start or end with a symbol, such as C++: no word boundary is needed there.
  const before = new RegExp(`^${letter}`, 'v').test(term) ? `(?<!${letter})` : '';
  const after = lastWord.test(term) ? `(?!${letter})` : '';
  return `${before}${words.join('\\s+')}${after}`;
}

function compile(name: string, pattern: string | RegExp): RegExp {
  // Global and sticky patterns remember where the last search ended, which must not affect the next.
  if (typeof pattern !== 'string') return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  try {
    return new RegExp(pattern, 'iu');
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : 'no reason was given';
    throw invalid(
      name,
      `has an invalid regular expression: ${JSON.stringify(pattern)} (${why})`,
      'Use JavaScript syntax, without the slashes around it.',
    );
  }
}

function invalid(name: string, what: string, hint: string): VoxtermError {
  return new VoxtermError(`The guardrail "${name}" ${what}.`, {
    code: 'guardrail.invalid',
    exitCode: ExitCode.configuration,
    hint,
  });
}
