import { describe, expect, it } from 'vitest';
import { ToolNames } from '../../../src/tools/mcp/tool-names.js';

describe('names of tools', () => {
  it('are kept distinct', () => {
    const names = new ToolNames();
    expect(names.of('a', 'b__c')).toBe('a__b__c');
    expect(names.of('a__b', 'c')).toMatch(/^a__b__c_[0-9a-f]{8}$/);
    expect(names.of('a', 'b__c')).toBe('a__b__c');
    expect(names.of('a', 'x'.repeat(80))).toHaveLength(64);
  });
});
