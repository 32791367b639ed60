import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { GuardrailInput, OutputGuardrail } from './guardrail.js';
import { PatternTrial } from './pattern-trial.js';

export interface RuleOptions {
  /** For the model: what it has to avoid. Default: the name of the rule, and that it is to say something else. */
  readonly feedback?: string | undefined;
}

/** What was looked at before is looked at again as far as this, because what fits may have begun there. */
const overlapCharacters = 1000;

/** Scripts that are written without spaces, or put endings right behind a word: there a term is found anywhere. */
const unspaced = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan']
  .map((script) => `\\p{Script=${script}}`)
  .join('');
const letter = `[[\\p{L}\\p{M}\\p{N}_]--[${unspaced}]]`;
const lastWord = new RegExp(`${letter}+$`, 'v');

/**
 * Trips at any of these terms: whole words, in capitals or not, with or without accents, in any script; phrases over whatever
 * space there is between their words. Checks every piece of text as it comes.
 * @throws VoxtermError exit 3 where there is no term, or one without a letter or digit.
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
      `has the term ${JSON.stringify(term)}, which holds no letter`,
      'Name words or phrases.',
    );
  });
  const pattern = new RegExp(sources.join('|'), 'v');
  return rule(name, options, (text) => pattern.test(plain(text)));
}

/**
 * Trips where one of these patterns fits: regular expressions, or texts of such in the syntax of JavaScript with Unicode,
 * where capitals do not matter. Checks every piece of text as it comes. What fits has to fit within 1000 characters. A pattern
 * that takes too long is given up with a warning, so that an unlucky one cannot stop the talk.
 * @throws VoxtermError exit 3 for a pattern that is none.
 */
export function matches(
  name: string,
  patterns: readonly (string | RegExp)[],
  options: RuleOptions = {},
): OutputGuardrail {
  if (patterns.length === 0) throw invalid(name, 'has no patterns', 'Give at least one regular expression.');
  const trials = patterns.map((pattern) => new PatternTrial(compile(name, pattern)));
  return rule(name, options, (text) =>
    windows(text).some((window) => trials.some((trial) => trial.fits(window))),
  );
}

function rule(name: string, { feedback }: RuleOptions, fits: (text: string) => boolean): OutputGuardrail {
  const message = `The assistant said what the rule "${name}" does not allow.`;
  return {
    name,
    debounceCharacters: 1,
    check: (input) => fits(toCheck(input)) && { tripped: true, message, feedback },
  };
}

/** A word that may still go on is not judged: "ass" may become "assume". */
function toCheck({ text, checkedCharacters, complete }: GuardrailInput): string {
  // A provider's last version of the words may differ from what it sent piece by piece.
  if (complete) return text;
  return text.slice(Math.max(0, checkedCharacters - overlapCharacters)).replace(lastWord, '');
}

function windows(text: string): string[] {
  const pieces = [text.slice(0, 2 * overlapCharacters)];
  for (let start = overlapCharacters; start + overlapCharacters < text.length; start += overlapCharacters)
    pieces.push(text.slice(start, start + 2 * overlapCharacters));
  return pieces;
}

/** Without capitals and accents: `Café` and `CAFE` are the same word. Vowel signs that make another word stay. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g, '')
    .normalize('NFC')
    .toLowerCase();
}

function wholeWords(term: string): string {
  const words = term.split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  // A term may begin or end with a sign, as C++ does: nothing needs to be kept apart there.
  const before = new RegExp(`^${letter}`, 'v').test(term) ? `(?<!${letter})` : '';
  const after = lastWord.test(term) ? `(?!${letter})` : '';
  return `${before}${words.join('\\s+')}${after}`;
}

function compile(name: string, pattern: string | RegExp): RegExp {
  // Where the last search ended must not matter to the next.
  if (typeof pattern !== 'string') return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  try {
    return new RegExp(pattern, 'iu');
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : 'it cannot be read';
    throw invalid(
      name,
      `has a pattern that is no regular expression: ${JSON.stringify(pattern)} (${why})`,
      'Write it as JavaScript does, without the slashes around it.',
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
