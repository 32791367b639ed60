import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  '.github/pull_request_template.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Paths of the repository that a page names, up to a placeholder such as `src/providers/<id>`. */
function pathsIn(text: string): string[] {
  const found = text.matchAll(
    /(?<![\w./:@-])(?:(?:src|test|scripts|docs|examples|bench|bin|etc|\.github)\/[\w./-]*|\.ci\/run|\.nvmrc|(?:vitest|eslint)\.config\.(?:ts|js)|tsconfig[\w.]*\.json)/g,
  );
  return [...found].map(([path]) => path.replace(/\.$/, ''));
}

function foldersOf(path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`);
}

describe('the pages', () => {
  it('finds paths in prose, code and links', () => {
    expect(
      pathsIn('See `src/audio/sound.ts`, [it](docs/talk.md) and `src/providers/<id>/codec.ts`; run .ci/run.'),
    ).toEqual(['src/audio/sound.ts', 'docs/talk.md', 'src/providers/', '.ci/run']);
    expect(pathsIn('https://example.com/docs/page, node_modules/src/x and voxterm/docs/talk.md')).toEqual([]);
  });

  it.each(pages)('name paths that exist: %s', (page) => {
    expect(pathsIn(read(page)).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const rows = [...read('docs/architecture.md').matchAll(/^\| `(src\/[^`]+?)\/?` \|/gm)].map(
    ([, path = '']) => path,
  );

  it('has a row for every folder of src, and for every room of the conversation', () => {
    expect([...rows].sort()).toEqual([...foldersOf('src'), ...foldersOf('src/conversation')].sort());
  });

  it('names rooms of other folders that exist', () => {
    const table = read('docs/architecture.md').matchAll(/^\| `(src\/\w+)\/` \| (.*) \|$/gm);
    for (const [, folder = '', text = ''] of table)
      for (const [, room = ''] of text.matchAll(/`(\w+)\/`/g))
        expect(foldersOf(folder)).toContain(`${folder}/${room}`);
  });
});
