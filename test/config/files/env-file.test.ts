// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how variables are written in these files.
import { describe, expect, it } from 'vitest';
import { parseEnv } from '../../../src/config/files/env-file.js';
import { VoxtermError } from '../../../src/contract/failure.js';

function refusal(text: string): VoxtermError {
  try {
    parseEnv(text, '.env');
  } catch (error) {
    if (error instanceof VoxtermError) return error;
  }
  throw new Error('It was not refused.');
}

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

  it.each([
    ['a blank at the end', 'KEY=sk-abc \n'],
    ['a tab at the end', 'KEY=sk-abc\t\n'],
    ['a blank before CRLF', 'KEY=sk-abc \r\n'],
    ['no-break spaces', '\u00a0KEY\u00a0=\u00a0sk-abc\u00a0\n'],
    ['a zero-width space', 'KEY=sk-abc\u200b\n'],
    ['a byte order mark inside', 'A=1\n\ufeffKEY=sk-abc\n'],
    ['CR only', 'A=b\rKEY=sk-abc\rB=c\r'],
    ['a comment behind blanks', 'KEY=sk-abc \t# mine\n'],
    ['typographic quotes', 'KEY=“sk-abc”\n'],
    ['German quotes', 'KEY=„sk-abc“ # mine\n'],
    ['single typographic quotes', 'KEY=‘sk-abc’\n'],
    ['set', 'set KEY=sk-abc\r\n'],
    ['SET with quotes around it', 'SET "KEY=sk-abc"\r\n'],
    ['PowerShell', '$env:KEY="sk-abc"\n'],
    ['PowerShell with blanks', "$Env:KEY = 'sk-abc'\n"],
    ['a colon', 'KEY: sk-abc\n'],
    ['a NUL elsewhere', 'KEY=sk-abc\n# \0\n'],
  ])('reads %s', (_what, text) => {
    expect(parseEnv(text, '.env').KEY).toBe('sk-abc');
  });

  it.each([
    ['blanks in quotes', 'KEY=" a "', ' a '],
    ['an invisible character in the middle', 'KEY=a\u200db', 'a\u200db'],
    ['a name that is a keyword', 'set=a', undefined],
    ['a colon in a value', 'KEY=http://x.org:80', 'http://x.org:80'],
    ['references of other programs', 'KEY=${HOST}:$PORT', '${HOST}:$PORT'],
    ['a $ in a key in single quotes', "KEY='${x}'", '${x}'],
  ])('keeps %s', (_what, text, value) => {
    expect(parseEnv(text, '.env').KEY).toBe(value);
  });

  it.each([
    ['OPENAI_API_KEY', 'OPENAI_API_KEY has no value', 'Write OPENAI_API_KEY=value'],
    ['OPENAI_API_KEY sk-secret', 'There is no = behind OPENAI_API_KEY', 'Write OPENAI_API_KEY=value'],
    ['export OPENAI_API_KEY', 'OPENAI_API_KEY has no value', 'Write OPENAI_API_KEY=value'],
    ['sk-secret', 'This is no NAME=value', 'one NAME=value per line'],
    ['SKSECRET', 'This is no NAME=value', 'one NAME=value per line'],
    [
      'K=“sk-secret',
      'The value of K has typographic quotes that do not make a pair',
      'K="value" with straight quotes',
    ],
    ['K=“sk-secret"', 'The value of K has typographic quotes that do not make a pair', 'straight quotes'],
    ['K=sk-secret\0', 'The value of K contains a NUL character', 'Write K=value'],
    ['K=<<EOF\nsk-secret\nEOF', 'K begins a here-document', 'K="first\\nsecond"'],
    ["K=<<-'EOF'\nsk-secret\nEOF", 'K begins a here-document', 'double quotes'],
    [
      'B=sk-secret\nOPENAI_API_KEY=${B}',
      'OPENAI_API_KEY refers to another variable',
      'with the value itself',
      3,
    ],
    ['VOXTERM_URL="wss://${HOST}/v1"', 'VOXTERM_URL refers to another variable', 'single quotes keep a $'],
    ['XAI_API_KEY=$KEY', 'XAI_API_KEY refers to another variable', 'with the value itself'],
    ['OPENAI_API_KEY=your-api-key-here', 'OPENAI_API_KEY still has the placeholder', 'with your own key'],
    ['OPENAI_API_KEY=<your key>', 'OPENAI_API_KEY still has the placeholder', 'with your own key'],
  ])('says what is wrong with %j', (line, problem, hint, at = 2) => {
    const error = refusal(`# comment\r\n${line}\r\n`);
    expect(error).toMatchObject({ exitCode: 3, code: 'env-file.syntax' });
    expect(error.message).toContain(`.env:${at}: ${problem}`);
    expect(error.hint).toContain(hint);
    expect(`${error.message}${error.hint}`).not.toMatch(/sk-?secret/i);
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
