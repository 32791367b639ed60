import type { Random } from '../../src/testing/contract/random.js';

/** Characters on which readers of text decide something. */
const marks = [
  ...[
    '"',
    "'",
    '`',
    '\\',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ',',
    ':',
    ';',
    '=',
    '#',
    '$',
    '%',
    '&',
    '<',
    '>',
    '/',
    '-',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\t',
    ' ',
    '\0',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\u202e',
    '\u200b',
  ],
  ...['\ud800', '\udfff', '😀', '__proto__', '{{', '}}', '/*', '//', '\n\n', '\\u0000', '\\n', '*/'],
];

/** A text with a few pieces removed, repeated, moved or replaced. `words` have a meaning in its language. */
export function mutateText(seed: string, words: readonly string[], random: Random): string {
  let text = seed;
  for (let change = 0; change <= random.below(5); change++) {
    const from = random.below(text.length + 1);
    const to = Math.min(text.length, from + random.below(random.pick([2, 8, 64])));
    const piece = text.slice(from, to);
    switch (random.below(6)) {
      case 0:
        text = text.slice(0, from) + text.slice(to);
        break;
      case 1:
        text = text.slice(0, from) + piece.repeat(1 + random.below(random.pick([3, 300]))) + text.slice(to);
        break;
      case 2: {
        const at = random.below(text.length + 1);
        text = text.slice(0, at) + piece + text.slice(at);
        break;
      }
      case 3:
        text = text.slice(0, from) + random.text(6) + text.slice(to);
        break;
      default:
        text =
          text.slice(0, from) +
          random.pick([...words, ...marks]) +
          text.slice(random.below(2) === 0 ? from : to);
    }
  }
  return text;
}
