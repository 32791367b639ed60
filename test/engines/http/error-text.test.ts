import { describe, expect, test } from 'vitest';
import { errorIn, errorText, quoted } from '../../../src/engines/http/error-text.js';

describe('the words of an error', () => {
  test.each<[unknown, string | undefined]>([
    ['no slot', 'no slot'],
    [' ', undefined],
    [{ error: { message: 'no' } }, 'no'],
    [{ error: 'no' }, 'no'],
    [[{ error: { code: 400, message: 'no' } }], 'no'],
    [{ detail: [{ loc: ['body'], msg: 'no' }] }, 'no'],
    [{ object: 'error', message: { detail: [{ msg: 'no' }] } }, 'no'],
    [{ message: '{"detail":[{"msg":"no"}]}' }, 'no'],
    [{ code: 1301, msg: 'no' }, 'no'],
    [{ error_code: 336_003, error_msg: 'no' }, 'no'],
    [{ base_resp: { status_code: 1004, status_msg: 'no' } }, 'no'],
    [{ success: false, errors: [{ code: 7, message: 'no' }] }, 'no'],
    [{ error: 'invalid_request', error_description: 'no' }, 'invalid_request: no'],
    [
      { status: 500, error: 'Internal Server Error', message: 'no', path: '/v1' },
      'Internal Server Error: no',
    ],
    [
      { error: { message: 'Provider returned error', metadata: { raw: 'no' } } },
      'Provider returned error: no',
    ],
    [{ error: { code: 500 } }, 'code 500'],
    [{ title: 'no', status: 400 }, 'no'],
    [{ error: { message: '', code: null } }, undefined],
    [7, undefined],
    [null, undefined],
  ])('%j', (value, words) => {
    expect(errorText(value)).toBe(words);
  });

  test.each([
    { choices: [] },
    { error: null },
    { error: false },
    { error: '' },
    { error: { message: '', type: '', code: null } },
    { base_resp: { status_code: 0, status_msg: 'ok' } },
    { object: 'chat.completion.chunk', x_groq: { id: 'r' } },
    { message: 'queued' },
  ])('%j says of itself that it is no error', (value) => {
    expect(errorIn(value)).toBeUndefined();
  });

  test('an error without words is one all the same', () => {
    expect(errorIn({}, 'error')).toBe('without a reason');
    expect(errorIn({ object: 'error' })).toBe('without a reason');
  });

  test('are quoted on one line, without the key and without a second full stop', () => {
    expect(quoted('Bad\n key  sk-secret-0123.', 'sk-secret-0123')).toBe('Bad key [secret]');
    expect(quoted('Wait …', undefined)).toBe('Wait …');
    expect(quoted('Wait...', undefined)).toBe('Wait...');
    expect(quoted('x'.repeat(300), undefined)).toHaveLength(201);
  });
});
