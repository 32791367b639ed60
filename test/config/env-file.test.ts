import { describe, expect, it } from 'vitest';
import { parseEnv } from '../../src/config/env-file.js';

describe('parseEnv', () => {
  it('reads names, quotes and comments', () => {
    const text = [
      '# a comment',
      '',
      'PLAIN=a b#c # comment',
      'export EXPORTED = x',
      'EMPTY=',
      "SINGLE='a # \\n b' # comment",
      'DOUBLE="two\\nlines and \\"quotes\\""',
      'MANY="first',
      'second"',
      'TICKS=`it\'s "fine"`',
      'WINDOWS=crlf\r',
      'URL=https://x.org/?a=b#c',
    ].join('\n');
    expect({ ...parseEnv(text, '.env') }).toEqual({
      PLAIN: 'a b#c',
      EXPORTED: 'x',
      EMPTY: '',
      SINGLE: 'a # \\n b',
      DOUBLE: 'two\nlines and "quotes"',
      MANY: 'first\nsecond',
      TICKS: 'it\'s "fine"',
      WINDOWS: 'crlf',
      URL: 'https://x.org/?a=b#c',
    });
  });

  it.each([
    ['A=1\nnonsense\n', ':2: This is no NAME=value'],
    ['A=1\n\n9LIVES=x', ':3: This is no NAME=value'],
    ['A="open\nB=2\n', ':1: The quoted value of A does not end'],
    ['A="x" sk-secret', ':1: The quoted value of A does not end'],
  ])('names the line of %j', (text, problem) => {
    expect(() => parseEnv(text, '.env')).toThrow(`.env${problem}`);
  });

  it('keeps values out of its messages', () => {
    expect(() => parseEnv('OPENAI_API_KEY="sk-secret', '.env')).toThrow(
      expect.not.stringContaining('sk-secret'),
    );
  });

  it('cannot be used to reach a prototype', () => {
    const variables = parseEnv('__proto__=x\nconstructor=y', '.env');
    expect(Object.keys(variables)).toEqual(['__proto__', 'constructor']);
  });
});
