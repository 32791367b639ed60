import { describe, expect, it } from 'vitest';
import { headerValue } from '../../src/base/header-value.js';

describe('headerValue', () => {
  it.each(['$KEY', '$' + '{KEY}'])('refuses the name of a variable in place of a value: %s', (value) => {
    expect(() => headerValue(['NAME'], { NAME: value })).toThrow(
      expect.objectContaining({
        exitCode: 3,
        message: 'NAME holds the name of another variable instead of a value.',
      }),
    );
  });

  it.each(['sk-$x', '$', 'a$b', '$2b$10$abc'])('takes a value with a dollar sign: %s', (value) => {
    expect(headerValue(['NAME'], { NAME: value })).toBe(value);
  });
});
