import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { starter } from '../../src/commands/config.js';
import { allKeys } from '../../src/config/allowed.js';
import { parseJsonc } from '../../src/config/files/jsonc.js';
import { configSchema } from '../../src/config/schema.js';
import { settingNames } from '../../src/config/setting-names.js';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const example = read('config.example.json');

const known = allKeys();

/** Every key in a value, names chosen by the user written as the schema writes them. */
function keysOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [prefix];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const free = known.some((path) => path.startsWith(`${prefix}.<name>`));
    const name = free ? '<name>' : key;
    return keysOf(child, prefix === '' ? name : `${prefix}.${name}`);
  });
}

describe('config.example.json', () => {
  it('is a valid configuration', () => {
    const { value } = parseJsonc(example, 'config.example.json');
    expect(configSchema.safeParse(value).error?.issues).toBeUndefined();
  });

  it('holds every general key, or explains it where only one alternative can stand there', () => {
    const present = keysOf(parseJsonc(example, 'config.example.json').value);
    // What single providers have, their pages explain.
    const missing = known.filter((key) => !present.includes(key) && !key.startsWith('providers.'));
    const alternatives = ['turns.minSpeechMs', 'turns.detector', 'turns.model', 'turns.eagerness'];
    expect(missing).toEqual([...alternatives, 'historyLimit.tokens']);
    for (const key of ['minSpeechMs', 'detector', 'eagerness', 'tokens'])
      expect(example).toMatch(new RegExp(`//.*"${key}"`));
  });

  it('becomes a starter file without settings that a user can uncomment', () => {
    const begun = starter(example);
    expect(parseJsonc(begun, 'config.json').value).toEqual({});
    const uncommented = begun.replace('// "language": "en"', '"language": "en"');
    expect(parseJsonc(uncommented, 'config.json').value).toEqual({ language: 'en' });
  });
});

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');

  it.each(allKeys())('explains %s', (key) => {
    expect(page).toContain(`\`${key}\``);
  });

  it.each(settingNames.map(({ variable }) => variable))('explains %s', (variable) => {
    expect(page).toContain(`\`${variable}\``);
  });
});
