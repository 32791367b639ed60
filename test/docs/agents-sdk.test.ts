import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { keys } from './agents-sdk/keys.js';
import { settingTables, tables, writtenPage } from './agents-sdk/page.js';
import type { Row } from './agents-sdk/rows.js';
import { providers, sentToOpenai, verdictOf } from './agents-sdk/verdict.js';

const page = new URL('../../docs/agents-sdk.md', import.meta.url);
const plainTables: readonly { readonly title: string; readonly rows: Readonly<Record<string, Row>> }[] =
  Object.values(tables).flat();

/** The first cells of the tables on the page, below their headings. */
async function rowsOnPage(): Promise<readonly string[]> {
  const text = await readFile(page, 'utf8');
  return text.split(/^## /m).flatMap((part) => {
    const [title = ''] = part.split('\n', 1);
    return [...part.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key]) => `${title}: ${key}`);
  });
}

describe('docs/agents-sdk.md', () => {
  // `npx vitest run test/docs -u` writes it again.
  it('says what the rows say', async () => {
    await expect(writtenPage()).toMatchFileSnapshot(page.pathname);
  });

  it('has no row that nothing checks, and no check without a row', async () => {
    const checked = [...settingTables, ...plainTables].flatMap(({ title, rows }) =>
      Object.keys(rows).map((key) => `${title}: ${key}`),
    );
    expect(await rowsOnPage()).toEqual(expect.arrayContaining([...checked]));
    expect((await rowsOnPage()).length).toBe(checked.length);
  });

  it('has a row for every key, event and method of the SDK', async () => {
    const shown = new Set((await rowsOnPage()).map((row) => row.slice(row.lastIndexOf(': ') + 2)));
    for (const name of Object.values(keys).flat()) expect(shown).toContain(name);
  });
});

describe.each(settingTables)('$title', ({ rows }) => {
  describe.each(Object.entries(rows))('%s', (_key, { asks, besides, openai }) => {
    it('reaches OpenAI by its own name', () => {
      expect(sentToOpenai({ ...besides, ...asks })).toMatchObject(openai);
    });

    it.each(providers)('is not lost without a word at $provider.id', (each) => {
      expect(['honoured', 'ignored']).toContain(verdictOf(each, asks, besides));
    });
  });
});

describe.each(plainTables)('$title', ({ rows }) => {
  it.each(Object.entries(rows))('%s', async (_key, { check }) => {
    expect.hasAssertions();
    await check();
  });
});
