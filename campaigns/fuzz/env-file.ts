import { parseEnv } from '../../src/config/files/env-file.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { textTarget } from '../fuzzing/inputs.js';

const secret = 'planted-value-0123456789';

export const target = textTarget({
  about: '.env files: read into text, or refused without a value in the message',
  seeds: [
    `# keys\nexport A="${secret}"\nB='two words' # why\nC=${secret}\n\nD="a\\nb"\nE=\`x\`\n`,
    `set A=${secret}\r\n$env:B = "${secret}"\r\nC=\r\n`,
  ],
  words: [
    'export ',
    '="',
    "='",
    'A=',
    ['$', '{A}'].join(''),
    '$(id)',
    '\\"',
    ' #',
    'set ',
    '$env:',
    '\ufeff',
    '“',
    '”',
  ],
  check(text) {
    try {
      const read = parseEnv(text, '.env');
      if (Object.getPrototypeOf(read) !== null) throw new Error('names could be those of Object');
      for (const value of Object.values(read))
        if (typeof value !== 'string') throw new Error('a value that is no text');
    } catch (error) {
      if (!(error instanceof VoxtermError)) throw error;
      if (`${error.message}${error.hint}`.includes(secret))
        throw new Error(`a value is in the message: ${error.message}`);
    }
  },
});
