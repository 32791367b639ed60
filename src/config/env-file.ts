import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { readTextFile } from './text-file.js';

const exitCode = ExitCode.configuration;

const name = /(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/y;
/** A quoted value, which may span several lines, or the rest of the line without a comment. */
const quoted = /(["'`])((?:\\[\s\S]|(?!\1)[^\\])*)\1[ \t]*(?:#.*)?(?=\r?\n|$)/y;
const bare = /((?:(?![ \t]+#)[^\r\n])*)[ \t]*(?:#.*)?(?=\r?\n|$)/y;
const nothing = /[ \t]*(?:#.*)?(?:\r?\n|$)/y;

/**
 * Reads a `.env` file: `NAME=value` lines, comments, quotes; `\n` in double quotes is a line break. Nothing in it
 * is expanded or executed.
 * @throws VoxtermError exit 3 naming the first invalid line. The message never contains values.
 */
export async function readEnvFile(path: string): Promise<Record<string, string>> {
  return parseEnv(await readTextFile(path, { what: 'environment file', exitCode }), path);
}

export function parseEnv(text: string, path: string): Record<string, string> {
  const variables: Record<string, string> = Object.create(null);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    if (take(nothing) !== null) continue;
    const line = at;
    take(/[ \t]*/y);
    const variable = take(name)?.[1];
    if (variable === undefined) throw broken(text, line, path, 'This is no NAME=value');
    const begun = text.charAt(at);
    const value = /["'`]/.test(begun) ? take(quoted) : take(bare);
    if (value === null) throw broken(text, line, path, `The quoted value of ${variable} does not end`);
    variables[variable] = value[2] === undefined ? (value[1] ?? '') : unescaped(value[2], begun);
  }
  return variables;
}

function unescaped(text: string, quote: string): string {
  if (quote !== '"') return text;
  return text.replace(/\\([\s\S])/g, (all, letter: string) => escapes[letter] ?? all);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function broken(text: string, at: number, path: string, problem: string): VoxtermError {
  const line = text.slice(0, at).split('\n').length;
  return new VoxtermError(`${path}:${line}: ${problem}.`, {
    code: 'env-file.syntax',
    exitCode,
    hint: 'Write one NAME=value per line; # begins a comment; put values with spaces around or # into quotes.',
  });
}
