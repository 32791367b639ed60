import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}test/fixtures/package-toy`;

/** The files that a page shows: a name, and then what is in it. */
function shown(page: string): [string, string][] {
  const text = readFileSync(`${root}docs/${page}`, 'utf8');
  return [...text.matchAll(/^`(\S+\.ts)`\n\n```ts\n([\s\S]*?)^```$/gm)].map(([, name = '', code = '']) => [
    name,
    code,
  ]);
}

// The package itself is compiled and run by test/package/toy-provider.test.ts.
it('the pages show every file of the toy package as it is', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const files = names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]);
  const pages = ['contributing/add-a-provider.md', 'testing.md'].flatMap(shown);
  expect(Object.fromEntries(pages)).toEqual(Object.fromEntries(files));
  expect(pages).toHaveLength(files.length);
});
