import { KeyParser } from '../../src/terminal/keys/key-parser.js';
import { textTarget } from '../fuzzing/inputs.js';

export const target = textTarget({
  about: 'what a terminal sends: keys, pastes and answers, whole or in pieces',
  seeds: [
    'hello\r\u001b[A\u001b[200~pasted\ntext\u001b[201~q\u0003',
    '\u001b[1;5C\u001bOP\u001b[?1;2c\u001b',
  ],
  words: [
    '\u001b',
    '\u001b[',
    '\u001b[200~',
    '\u001b[201~',
    '\u001b[<0;1;1M',
    '\u001b]11;rgb:0/0/0\u0007',
    '\u009b',
  ],
  check(text) {
    const parser = new KeyParser();
    const keys = [...text].flatMap((character) => parser.feed(character));
    keys.push(...parser.flush(), ...parser.flush());
    if (parser.waiting) throw new Error('something waits after the end');
    const whole = new KeyParser();
    whole.feed(text);
    whole.flush();
    whole.flush();
    if (whole.waiting) throw new Error('something waits after the end of a whole text');
  },
});
