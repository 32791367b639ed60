import { describe, expect, it } from 'vitest';
import { providers } from '../../src/commands/providers.js';
import { resolveSettings } from '../../src/config/load.js';
import type { CommonFlags } from '../../src/config/settings.js';
import { catalog } from '../../src/providers/catalog.js';
import { directoryWith, environmentIn } from '../config/files.js';
import { memoryIo } from './memory-io.js';

async function run(flags: CommonFlags): Promise<string> {
  const { io, written } = memoryIo(environmentIn(directoryWith(), { OPENAI_API_KEY: 'sk-hunter2' }));
  expect(await providers(await resolveSettings(flags, io.env, io), io)).toBe(0);
  return written.stdout;
}

describe('providers', () => {
  it('has a row for each, the selected one marked', async () => {
    const lines = (await run({ provider: 'openai' })).split('\n');
    for (const { id } of catalog) expect(lines.some((line) => line.startsWith(id))).toBe(true);
    expect(lines.find((line) => line.startsWith('openai *'))).toContain('OPENAI_API_KEY (set)');
    expect(lines.join('\n')).not.toContain('hunter2');
  });

  it('prints whole profiles as JSON', async () => {
    const { providers: entries, selected } = JSON.parse(await run({ json: true }));
    expect(selected).toBe('local');
    expect(entries.map((entry: { id: string }) => entry.id)).toEqual(catalog.map(({ id }) => id));
    for (const { profile } of entries) {
      expect(profile).toMatchObject({ inputRateHz: expect.any(Number), truncation: expect.any(String) });
    }
  });
});
