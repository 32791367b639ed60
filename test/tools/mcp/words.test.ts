import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../../src/tools/mcp/child-environment.js';
import { Lines } from '../../../src/tools/mcp/lines.js';
import { isAllowed } from '../../../src/tools/mcp/patterns.js';
import { veil } from '../../../src/tools/mcp/secrets.js';
import { ToolNames } from '../../../src/tools/mcp/tool-names.js';

describe('patterns of tools', () => {
  it.each<[string, string, boolean]>([
    ['read_file', 'read_file', true],
    ['read_file', 'read', false],
    ['read_file', 'read_*', true],
    ['read_file', '*', true],
    ['read_file', '*_file', true],
    ['read_file', 'r*d*e', true],
    ['read_file', 'r*x*e', false],
    ['aba', 'ab*ba', false],
    ['a.c', 'a.*', true],
    ['abc', 'a.*', false],
    ['read_file', 'read_*_file', false],
  ])('%s against %s: %s', (name, pattern, fits) => {
    expect(isAllowed(name, { allow: [pattern] })).toBe(fits);
    expect(isAllowed(name, { deny: [pattern] })).toBe(!fits);
  });

  it('deny wins, and an empty list allows nothing', () => {
    expect(isAllowed('a', { allow: ['a'], deny: ['*'] })).toBe(false);
    expect(isAllowed('a', { allow: [] })).toBe(false);
    expect(isAllowed('a', {})).toBe(true);
  });
});

describe('names of tools', () => {
  it('are told apart where they would be the same', () => {
    const names = new ToolNames();
    expect(names.of('a', 'b__c')).toBe('a__b__c');
    expect(names.of('a__b', 'c')).toMatch(/^a__b__c_[0-9a-f]{8}$/);
    expect(names.of('a', 'b__c')).toBe('a__b__c');
    expect(names.of('a', 'x'.repeat(80))).toHaveLength(64);
  });
});

describe('secrets of a server', () => {
  it('are taken out of whatever is told', () => {
    const web = veil({
      name: 'web',
      url: 'https://me:pass%20word@example.org/mcp?key=query-key',
      headers: { Authorization: 'Bearer header-token', 'X-Short': 'on' },
    });
    const told = web('on header-token pass%20word pass word ?key=query-key Bearer another-token query-key');
    expect(told).toBe('on [secret] [secret] [secret] [secret] Bearer [secret] [secret]');
    expect(veil({ name: 'own', command: 'x', env: { A: 'my-value', B: '1' } })('my-value 1')).toBe(
      '[secret] 1',
    );
  });
});

describe('the environment of a program', () => {
  it('is small, and has what is its own', () => {
    const ours = {
      PATH: '/bin',
      Path: 'C:\\',
      HOME: '/me',
      OPENAI_API_KEY: 'sk',
      SHELL: '() { :; }',
      LANG: undefined,
    };
    expect(childEnvironment(ours, { HOME: '/other', TOKEN: 't' })).toEqual({
      PATH: '/bin',
      Path: 'C:\\',
      HOME: '/other',
      TOKEN: 't',
    });
  });
});

describe('lines', () => {
  function read(chunks: readonly string[], longest?: number) {
    const lines: string[] = [];
    let tooLong = 0;
    const reader = new Lines(
      (line) => lines.push(line),
      () => {
        tooLong += 1;
      },
      longest,
    );
    for (const chunk of chunks) reader.push(Buffer.from(chunk, 'latin1'));
    return { lines, tooLong };
  }

  it('are put together from whatever pieces, letters of several bytes included', () => {
    const bytes = Buffer.from('é\r\n\nlast\nrest').toString('latin1');
    expect(read([...bytes]).lines).toEqual(['é', '', 'last']);
    expect(read([bytes]).lines).toEqual(['é', '', 'last']);
  });

  it('beyond measure are dropped, told once, and do no harm to the next', () => {
    expect(read(['ab', 'cde', 'fgh', 'i\nok\n'], 4)).toEqual({ lines: ['ok'], tooLong: 1 });
    expect(read(['abcdefgh\nok\nabcdefgh\n'], 4)).toEqual({ lines: ['ok'], tooLong: 2 });
  });
});
