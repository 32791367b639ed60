import { describe, expect, it } from 'vitest';
import { serverEnvironment } from '../../../src/tools/mcp/server-environment.js';

describe('the environment of a program', () => {
  it('has few variables, and its own', () => {
    const ours = {
      PATH: '/bin',
      Path: 'C:\\',
      HOME: '/me',
      OPENAI_API_KEY: 'sk',
      SHELL: '() { :; }',
      LANG: undefined,
    };
    expect(serverEnvironment(ours, { HOME: '/other', TOKEN: 't' })).toEqual({
      PATH: '/bin',
      Path: 'C:\\',
      HOME: '/other',
      TOKEN: 't',
    });
  });
});
