import { readTextFile } from '../../base/text-file.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { catalog } from '../../providers/catalog.js';

const exitCode = ExitCode.configuration;

/** With the no-break spaces and invisible characters that web pages and chats put around what is copied from them. */
const blanks = '[ \\t\\u00a0\\u200b-\\u200d\\u2060\\ufeff]';
const nothing = new RegExp(`${blanks}*(?:#.*)?(?:\\n|$)`, 'y');
const margin = new RegExp(`${blanks}*`, 'y');
/** As shells, cmd.exe (`set`) and PowerShell (`$env:`) write it; dotenv allows a colon as well. */
const name = new RegExp(
  `(?:export${blanks}+|set${blanks}+|\\$env:)?([A-Za-z_][A-Za-z0-9_.-]*)${blanks}*(?:=|:(?=${blanks}))${blanks}*`,
  'iy',
);
/** `set "NAME=value"`, which keeps cmd.exe from taking in what follows. */
const quotedSet = new RegExp(`set${blanks}+"([A-Za-z_][A-Za-z0-9_.-]*)=([^"\\n]*)"${blanks}*(?=\\n|$)`, 'iy');
/** A quoted value, which may span several lines, or the rest of the line without a comment. */
const quoted = new RegExp(`(["'\`])((?:\\\\[\\s\\S]|(?!\\1)[^\\\\])*)\\1${blanks}*(?:#.*)?(?=\\n|$)`, 'y');
const bare = new RegExp(`((?:(?!${blanks}+#)[^\\n])*)${blanks}*(?:#.*)?(?=\\n|$)`, 'y');
const outerBlanks = new RegExp(`^${blanks}+|${blanks}+$`, 'g');

/** Quotes that word processors and chats make of straight ones. */
const typographic = { double: '“”„‟«»″', single: '‘’‚‛′' } as const;

/**
 * Reads a `.env` file: `NAME=value` lines, comments, quotes; `\n` in double quotes is a line break. Nothing in it
 * is expanded or executed.
 * @throws VoxtermError exit 3 naming the first invalid line. The message never contains values.
 */
export async function readEnvFile(path: string): Promise<Record<string, string>> {
  return parseEnv(await readTextFile(path, { what: 'environment file', exitCode }), path);
}

export function parseEnv(content: string, path: string): Record<string, string> {
  const text = content.replace(/\r\n?/g, '\n');
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
    take(margin);
    const begun = at;
    const refuse = (problem: Problem): VoxtermError => broken(text, begun, path, problem);
    const set = take(quotedSet);
    if (set !== null) {
      variables[set[1] ?? ''] = set[2] ?? '';
      continue;
    }
    const variable = take(name)?.[1];
    if (variable === undefined) throw refuse(notAnAssignment(lineAt(text, begun)));
    const quote = text.charAt(at);
    const found = /["'`]/.test(quote) ? take(quoted) : take(bare);
    if (found === null) {
      throw refuse({
        what: `The quoted value of ${variable} does not end`,
        hint: `End it with ${quote} and nothing but a comment behind it, or write it without quotes.`,
      });
    }
    const [, plain = '', inQuotes] = found;
    const value = inQuotes === undefined ? bareValue(plain) : unescaped(inQuotes, quote);
    const problem = value === undefined ? unpairedQuotes(variable) : problemWith(variable, value, quote);
    if (value === undefined || problem !== undefined) throw refuse(problem ?? unpairedQuotes(variable));
    variables[variable] = value;
  }
  return variables;
}

/** Without blanks around it, and without typographic quotes; undefined where these do not make a pair. */
function bareValue(text: string): string | undefined {
  const value = text.replace(outerBlanks, '');
  for (const marks of [typographic.double, typographic.single]) {
    const within = new RegExp(`[${marks}]`);
    if (!within.test(value.charAt(0))) continue;
    const inner = value.slice(1, -1);
    return value.length > 1 && within.test(value.slice(-1)) && !within.test(inner) ? inner : undefined;
  }
  return value;
}

function unescaped(text: string, quote: string): string {
  if (quote !== '"') return text;
  return text.replace(/\\([\s\S])/g, (all, letter: string) => escapes[letter] ?? all);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** `what` completes "FILE:LINE: …." */
interface Problem {
  readonly what: string;
  readonly hint: string;
}

const generalHint =
  'Write one NAME=value per line; # begins a comment; put values with spaces around or # into quotes.';

function problemWith(variable: string, value: string, quote: string): Problem | undefined {
  const write = `Write ${variable}=value.`;
  if (value.includes('\0')) {
    return {
      what: `The value of ${variable} contains a NUL character`,
      hint: `Type the line again. ${write}`,
    };
  }
  const isQuoted = /["'`]/.test(quote);
  if (!isQuoted && /^<<-?\s*["'\\]?\w+["']?$/.test(value)) {
    return {
      what: `${variable} begins a here-document, as in a shell script`,
      hint: `Put a value of several lines into double quotes: ${variable}="first\\nsecond".`,
    };
  }
  // The file may belong to another program that expands it. Only what voxterm itself would send is checked.
  if (!isOurs(variable)) return undefined;
  if (quote !== "'" && /\$\{\w+[^}]*\}|^\$\w+$/.test(value)) {
    return {
      what: `${variable} refers to another variable, and references are not expanded`,
      hint: `${write.slice(0, -1)} with the value itself; single quotes keep a $ that is part of it.`,
    };
  }
  if (/^<.*>$|^(your|insert|enter|replace|paste|put)[-_ ].*(key|token|here)$/i.test(value)) {
    return {
      what: `${variable} still has the placeholder of an example`,
      hint: `${write.slice(0, -1)} with your own key, or remove the line.`,
    };
  }
  return undefined;
}

function isOurs(variable: string): boolean {
  return (
    variable.startsWith('VOXTERM_') || catalog.some(({ keyVariables }) => keyVariables.includes(variable))
  );
}

function unpairedQuotes(variable: string): Problem {
  return {
    what: `The value of ${variable} has typographic quotes that do not make a pair`,
    hint: `Write ${variable}="value" with straight quotes, or without any.`,
  };
}

function notAnAssignment(line: string): Problem {
  const [, variable, more = ''] = /^(?:export\s+)?([A-Z]+(?:_[A-Z]+)+)\s*(.*)$/.exec(line) ?? [];
  // Only what looks like a name is repeated: the line may be a key.
  if (variable === undefined) return { what: 'This is no NAME=value', hint: generalHint };
  return more === ''
    ? { what: `${variable} has no value`, hint: `Write ${variable}=value, or remove the line.` }
    : { what: `There is no = behind ${variable}`, hint: `Write ${variable}=value.` };
}

function lineAt(text: string, at: number): string {
  return text.slice(at).split('\n', 1)[0] ?? '';
}

function broken(text: string, at: number, path: string, { what, hint }: Problem): VoxtermError {
  const line = text.slice(0, at).split('\n').length;
  return new VoxtermError(`${path}:${line}: ${what}.`, { code: 'env-file.syntax', exitCode, hint });
}
