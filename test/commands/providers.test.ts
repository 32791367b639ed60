import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { providers } from '../../src/commands/providers.js';
import { resolveSettings } from '../../src/config/load.js';
import type { CommonFlags } from '../../src/config/settings.js';
import { catalog } from '../../src/providers/catalog.js';
import { directoryWith, environmentIn } from '../config/files.js';
import { memoryIo } from './session/memory-io.js';

async function run(flags: CommonFlags, env: Record<string, string> = {}): Promise<string> {
  const { io, written } = memoryIo(
    environmentIn(directoryWith(), { OPENAI_API_KEY: 'sk-hunter2', GOOGLE_API_KEY: 'sk-hunter2', ...env }),
  );
  expect(await providers(await resolveSettings(flags, io.env, io), io)).toBe(0);
  expect(written.stdout).not.toContain('hunter2');
  return written.stdout;
}

describe('providers', () => {
  it('has a row for each in both tables, the selected one marked', async () => {
    const lines = (await run({}, { VOXTERM_PROVIDER: 'openai' })).split('\n');
    for (const { id } of catalog) expect(lines.filter((line) => line.startsWith(`${id} `))).toHaveLength(2);
    expect(lines.find((line) => line.startsWith('openai *'))).toContain('OPENAI_API_KEY (set)');
    expect(lines.find((line) => line.startsWith('gemini '))).toContain('GOOGLE_API_KEY (set)');
    expect(lines.find((line) => line.startsWith('xai '))).toContain('XAI_API_KEY (not set)');
  });

  it('fits into 80 columns', async () => {
    for (const id of catalog.map((entry) => entry.id)) {
      const lines = (await run({}, { VOXTERM_PROVIDER: id })).split('\n');
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(80);
    }
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

describe('providers --provider', () => {
  it.each(catalog.map(({ id }) => id))('tells everything about %s in words', async (id) => {
    const text = await run({ provider: id });
    const lines = text.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^${id}: `));
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(80);
    expect(text).not.toMatch(/undefined|null|\[object|NaN/);
    for (const label of ['model', 'key', 'sound', 'turns', 'interruption', 'tools', 'pictures', 'voices']) {
      expect(lines.filter((line) => line.startsWith(`${label} `))).toHaveLength(1);
    }
    const others = catalog.filter((entry) => entry.id !== id).flatMap(({ keyVariables }) => keyVariables);
    for (const variable of others) expect(text).not.toMatch(new RegExp(`\\b${variable}\\b`));
  });

  it('says where a key comes from, or that it is set', async () => {
    expect(await run({ provider: 'xai' })).toMatch(/not set: XAI_API_KEY; keys come from\s+https:/);
    expect(await run({ provider: 'openai' })).toContain('OPENAI_API_KEY is set');
    expect(await run({ provider: 'local' })).toMatch(/key +none needed/);
  });

  it('knows the model that was asked for, and its section of the configuration', async () => {
    const text = await run({ provider: 'dashscope', model: 'qwen-omni-turbo-realtime' });
    expect(text).toMatch(/model +qwen-omni-turbo-realtime/);
    expect(text).toMatch(/voices +Chelsie/);
    expect(text).toContain('providers.dashscope.region');
  });

  it('narrows the JSON, too', async () => {
    const { providers: entries } = JSON.parse(await run({ provider: 'gemini', json: true }));
    expect(entries).toMatchObject([{ id: 'gemini', keySet: true, profile: { provider: 'gemini' } }]);
  });
});
