import { describe, expect, it } from 'vitest';
import { keysFound } from '../../src/config/keys.js';

describe('keysFound', () => {
  it('names the variable and the way to use it, never the value', () => {
    const line = keysFound({ OPENAI_API_KEY: 'sk-secret' });
    expect(line).toContain('Found OPENAI_API_KEY: use it with --provider openai');
    expect(line).not.toContain('sk-secret');
  });

  it('says which variables it looked for when none is set', () => {
    expect(keysFound({ OPENAI_API_KEY: '' })).toContain('No key of another one was found (OPENAI_API_KEY');
  });
});
