import { type ParseError, printParseErrorCode, stripComments } from 'jsonc-parser';

/** What is wrong with a text that is not JSON, where, and what to write instead. */
export interface JsonMistake {
  readonly offset: number;
  readonly problem: string;
  readonly hint: string;
}

const usualHint =
  'Allowed is JSON; comments (// and /* */) and commas at the end of a list are fine, names need double quotes.';

const emptyFile: JsonMistake = {
  offset: 0,
  problem: 'The file is empty.',
  hint: 'Write {} for no settings, or begin with what "voxterm config init" writes.',
};

/** The mistake in a text in which the parser found errors, of which `error` is the first. */
export function jsonMistake(text: string, error: ParseError | undefined): JsonMistake {
  if (stripComments(text).trim() === '') return emptyFile;
  return mergeConflict(text) ?? otherLanguage(text) ?? syntaxError(text, error);
}

function mergeConflict(text: string): JsonMistake | undefined {
  const offset = text.search(/^(<{7}|>{7}|\|{7})( |$)/m);
  if (offset < 0) return undefined;
  return {
    offset,
    problem: 'A merge conflict is not resolved.',
    hint: 'Keep one of the two versions, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.',
  };
}

function otherLanguage(text: string): JsonMistake | undefined {
  const [first = ''] = /^(?![ \t]*(?:#|\/\/|\r?$)).+/m.exec(text) ?? [];
  const offset = text.indexOf(first);
  const problem = (language: string) => `Not JSON; it looks like ${language}.`;
  if (/^(---|- |["']?[\w.-]+["']?:(\s|$))/.test(first)) {
    return { offset, problem: problem('YAML'), hint: `Write JSON: { "voice": "cedar" } for voice: cedar.` };
  }
  if (/^(\[\[?[\w.-]+\]|[\w.-]+[ \t]*=)/.test(first)) {
    return {
      offset,
      problem: problem('TOML'),
      hint: `Write JSON: { "voice": "cedar" } for voice = "cedar".`,
    };
  }
  return undefined;
}

function syntaxError(text: string, error: ParseError | undefined): JsonMistake {
  if (error === undefined) return { offset: 0, problem: 'Not JSON.', hint: usualHint };
  const { offset, length } = error;
  const found = text.slice(offset, offset + Math.min(Math.max(length, 1), 30)).trim();
  const before = found === '' ? 'at the end' : `at ${JSON.stringify(found)}`;
  const name = printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return { offset, problem: `Not JSON ${before}: ${name}.`, hint: hintFor(found) };
}

function hintFor(found: string): string {
  if (/^[“”„‟‘’‚‛«»]/.test(found))
    return 'Write straight double quotes ("voice") instead of typographic ones.';
  return found.startsWith("'")
    ? `Write double quotes ("voice") instead of single ones. ${usualHint}`
    : usualHint;
}
