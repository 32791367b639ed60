import { describe, expect, it } from 'vitest';
import { secretMask } from '../../../src/tools/mcp/secret-mask.js';

describe('secrets of a server', () => {
  it('are masked in every text', () => {
    const web = secretMask({
      name: 'web',
      url: 'https://me:pass%20word@example.org/mcp?key=query-key',
      headers: { Authorization: 'Bearer header-token', 'X-Short': 'on' },
    });
    const told = web('on header-token pass%20word pass word ?key=query-key Bearer another-token query-key');
    expect(told).toBe('on [secret] [secret] [secret] [secret] Bearer [secret] [secret]');
    expect(secretMask({ name: 'own', command: 'x', env: { A: 'my-value', B: '1' } })('my-value 1')).toBe(
      '[secret] 1',
    );
  });
});
