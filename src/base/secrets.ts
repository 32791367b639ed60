import { invisibleClass } from './visible-text.js';

/** Shorter values are words ("dummy", "none"), and replacing them would damage a conversation. */
const shortestSecret = 8;
const veil = '[secret]';

/** What a reader does not see between the characters of a key: controls, joiners, selectors and the rest. */
const ignored = `\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u200c\\u200d\\ufe00-\\ufe0f${invisibleClass}`;

/** Any of these may be how a character of a key is written. None: the text is compared as it is. */
const escapes = new RegExp(`[\\\\%]|&#|[${ignored}]`, 'u');

/**
 * Takes keys out of a text, however they are written there: as they are, in base64 or hexadecimal, or with characters
 * escaped as in JSON, URLs or HTML, so that no reader of the text puts one together again. Invisible characters between
 * those of a key do not hide it.
 */
export class Secrets {
  private readonly patterns: readonly Pattern[];

  constructor(values: Iterable<string | undefined>) {
    const secrets = [...new Set(values)].flatMap((value) =>
      value === undefined || value.length < shortestSecret ? [] : [value],
    );
    // The longest first: one may be part of another.
    this.patterns = secrets.sort((a, b) => b.length - a.length).map((secret) => new Pattern(secret));
  }

  hide(text: string): string {
    if (this.patterns.length === 0) return text;
    const mayBeEscaped = escapes.test(text);
    return this.patterns.reduce((clean, pattern) => pattern.hide(clean, mayBeEscaped), text);
  }
}

class Pattern {
  private readonly literals: readonly string[];
  private escaped: RegExp | undefined;

  constructor(private readonly secret: string) {
    const bytes = Buffer.from(secret);
    const hex = bytes.toString('hex');
    this.literals = [
      ...new Set([secret, encodeURIComponent(secret), hex, hex.toUpperCase(), ...inBase64(bytes)]),
    ];
  }

  hide(text: string, mayBeEscaped: boolean): string {
    let clean = text;
    for (const literal of this.literals) if (clean.includes(literal)) clean = clean.replaceAll(literal, veil);
    if (!mayBeEscaped) return clean;
    // Made only when it is needed: most conversations never contain an escape.
    this.escaped ??= escapedPattern(this.secret);
    return clean.replace(this.escaped, veil);
  }
}

/**
 * The characters of base64 that depend on the key alone, for each of the three places at which it may begin in a longer
 * text, with the letters of both alphabets.
 */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const part = whole.slice(from, to);
    return [part, part.replaceAll('-', '+').replaceAll('_', '/')];
  });
}

/** At most this many: a pattern without a limit takes quadratic time on a text made of backslashes. */
const backslashes = '\\\\{1,8}';
/** {@link ignored}, escaped as in JSON; what has more than four digits as two halves. */
const escapedIgnored =
  '00[01][\\dA-F]|007F|00[89][\\dA-F]|00AD|034F|061C|115F|1160|17B[45]|180E|20[0-2][\\dA-F]|206[\\dA-F]' +
  '|3164|FEFF|FFA0|FFF[\\dA-F]|FE0[\\dA-F]';
const invisible =
  `(?:[${ignored}]|${backslashes}u(?:${eitherCase(escapedIgnored)})` +
  `|${backslashes}u[dD][bB]4[0-3]${backslashes}u[dD][c-fC-F][\\da-fA-F]{2})`;

function escapedPattern(secret: string): RegExp {
  return new RegExp([...secret].map(spellings).join(`${invisible}{0,8}`), 'gu');
}

function spellings(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = anyCase(code.toString(16));
  const utf16 = Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `${backslashes}u${anyCase(unit)}`;
  }).join('');
  const bytes = [...Buffer.from(character)]
    .map((byte) => `%(?:25){0,4}${anyCase(byte.toString(16).padStart(2, '0'))}`)
    .join('');
  const itself = character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  return [
    // JSON may put a backslash before a slash, a quote and a backslash.
    `(?:${/\w/.test(character) ? '' : '\\\\{0,8}'}${itself}`,
    utf16,
    `${backslashes}(?:u\\{0{0,6}${hex}\\}|x0{0,2}${hex})`,
    bytes,
    `&#0{0,6}${code};?`,
    `&#[xX]0{0,6}${hex};?)`,
  ].join('|');
}

/** Hexadecimal digits in a pattern, in both cases. */
function eitherCase(pattern: string): string {
  return pattern.replace(/A-F|[A-F]/g, (found) =>
    found === 'A-F' ? 'A-Fa-f' : `[${found}${found.toLowerCase()}]`,
  );
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
