import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/base/nearest-name.js';
import * as catalogModule from '../../src/providers/catalog.js';
import { findProvider, providerIds } from '../../src/providers/registry.js';

describe('registry', () => {
  it.each(providerIds())('loads %s', async (id) => {
    expect((await findProvider(id)).id).toBe(id);
  });

  it('knows every entry of the catalog', () => {
    const entries = Object.entries(catalogModule).filter(([name]) => name.endsWith('Entry'));
    for (const [, entry] of entries) expect(catalogModule.catalog).toContain(entry);
    expect(providerIds()).toHaveLength(entries.length);
  });

  it('suggests the nearest name and lists all providers', async () => {
    const known = `Known providers: ${providerIds().join(', ')}.`;
    await expect(findProvider('opnai')).rejects.toMatchObject({
      exitCode: 2,
      code: 'provider.unknown',
      message: 'There is no provider named "opnai".',
      hint: `Did you mean openai? ${known}`,
    });
    await expect(findProvider('qwertz')).rejects.toMatchObject({ hint: known });
  });

  it.each(['__proto__', 'constructor', ''])('does not know "%s"', async (id) => {
    await expect(findProvider(id)).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('nearestName', () => {
  it.each([
    ['opnai', 'openai'],
    ['OpenAI', 'openai'],
    ['locla', 'local'],
    ['instrctions', 'instructions'],
    ['x', undefined],
    ['weather', undefined],
  ])('%s → %s', (given, expected) => {
    expect(nearestName(given, ['local', 'openai', 'instructions'])).toBe(expected);
  });
});
