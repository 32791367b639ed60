import { expect, it } from 'vitest';
import { problemText } from '../../../src/terminal/text/problem-text.js';

it('has one line for each line of the message, and one for the hint', () => {
  expect(problemText('It is so.')).toBe('error: It is so.\n');
  expect(problemText('It is so.\nAnd so.', 'Do this.')).toBe(
    'error: It is so.\nerror: And so.\nhint: Do this.\n',
  );
  expect(problemText('As you see.', undefined, 'note:')).toBe('note: As you see.\n');
});

it('contains only text', () => {
  expect(problemText('bye \x1b[2J\x1b]0;evil\x07\x9b31m\u202ered\r\n', 'see\x9b2J\nthis')).toBe(
    'error: bye red\nhint: see this\n',
  );
});
