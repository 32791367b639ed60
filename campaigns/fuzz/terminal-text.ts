import { cleanJson, cleanText, oneLine } from '../../src/terminal/text/clean-text.js';
import { textTarget } from '../fuzzing/inputs.js';

export const target = textTarget({
  about: 'words of others on the terminal: no control, no escape, nothing invisible or turned around',
  seeds: ['Hello \u001b[31mred\u001b[0m, \u202eevil\u2069 wo\u200brld 👩‍👩‍👧 नमस्ते\nnext line'],
  words: [
    '\u001b[2J',
    '\u001b]0;x\u0007',
    '\u009b1m',
    '\u009d',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u{e0041}',
    '\u00ad',
    '\r',
  ],
  check(text) {
    const clean = cleanText(text);
    if (/[\0-\t\v-\x1f\x7f-\x9f]/.test(clean)) throw new Error('a control character is left');
    if (/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u.test(clean)) {
      throw new Error('an invisible character is left');
    }
    if (cleanText(clean) !== clean) throw new Error('cleaning again changes it');
    if (oneLine(text).includes('\n')) throw new Error('more than one line');
    const json = cleanJson({ text });
    if (/[\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069]/.test(json))
      throw new Error('JSON that a terminal acts upon');
    if (JSON.parse(json).text !== text) throw new Error('JSON that says something else');
  },
});
