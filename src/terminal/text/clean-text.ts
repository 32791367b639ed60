/** Overrides and isolates could reorder the text beside them. */
const bidiControls = /[\u202a-\u202e\u2066-\u2069]/g;
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
 * only this program moves the cursor or sets a title. Line feeds stay.
 */
export function cleanText(text: string): string {
  return text
    .replace(sequences, '')
    .replace(lineBreaks, '\n')
    .replace(/\t/g, ' ')
    .replace(controls, '')
    .replace(bidiControls, '');
}

/** Cleaned text on one line. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/**
 * Characters that JSON may contain unescaped but terminals act upon: DEL, C1 controls, line separators, direction
 * overrides.
 */
const unsafeInJson = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** JSON equivalent to `JSON.stringify`, and safe for a terminal. */
export function cleanJson(value: object): string {
  return JSON.stringify(value).replace(
    unsafeInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
