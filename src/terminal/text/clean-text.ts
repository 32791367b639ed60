import { invisibleClass, withoutInvisible } from '../../base/visible-text.js';

const lineBreaks = /\r\n?|[\u0085\u2028\u2029]/g;
/**
 * Control strings (titles, clipboard, images), then CSI sequences, then the short ones; ECMA-48, 7 and 8 bit. Node's
 * `stripVTControlCharacters` is not enough: it removes words when a bell follows a colour.
 */
const sequences =
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]/g;
/** C0 and C1 controls except the line feed; includes a lone ESC left over from a broken sequence. */
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/**
 * Makes text from models, users and tools safe for a terminal: removes escape sequences and control characters, so that
 * only this program moves the cursor or sets a title. Invisible characters, and those that turn text around, are
 * removed too, so that what is shown is all there is. Line feeds stay.
 */
export function cleanText(text: string): string {
  const visible = text
    .replace(sequences, '')
    .replace(lineBreaks, '\n')
    .replace(/\t/g, ' ')
    .replace(controls, '');
  return withoutInvisible(visible);
}

/** Cleaned text on one line. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/**
 * Characters that JSON may contain unescaped but terminals act upon: DEL, C1 controls, line separators, direction
 * overrides, and everything invisible.
 */
const unsafeInJson = new RegExp(`[\\u007f-\\u009f${invisibleClass}]`, 'gu');

/** JSON equivalent to `JSON.stringify`, and safe for a terminal. */
export function cleanJson(value: object): string {
  return JSON.stringify(value).replace(unsafeInJson, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character, index)).join(''),
  );
}

function escaped(character: string, index: number): string {
  return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
}
