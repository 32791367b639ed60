import { expect, it } from 'vitest';
import { complaint } from '../../../src/terminal/text/problem-text.js';

it('is one line for each that there is, and one for the hint', () => {
  expect(complaint('It is so.')).toBe('error: It is so.\n');
  expect(complaint('It is so.\nAnd so.', 'Do this.')).toBe(
    'error: It is so.\nerror: And so.\nhint: Do this.\n',
  );
  expect(complaint('As you see.', undefined, 'note:')).toBe('note: As you see.\n');
});

it('shows a terminal nothing but text', () => {
  expect(complaint('bye \x1b[2J\x1b]0;evil\x07\x9b31m\u202ered\r\n', 'see\x9b2J\nthis')).toBe(
    'error: bye red\nhint: see this\n',
  );
});
