import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../built.js';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

interface Packed {
  readonly files: readonly { readonly path: string }[];
}
const [packed]: Packed[] = JSON.parse(
  execFileSync('npm', ['pack', '--ignore-scripts', '--dry-run', '--json'], {
    cwd: packageRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
);
const shipped = packed?.files.map(({ path }) => path) ?? [];

/** A file, or a folder with files in it. */
function ships(path: string): boolean {
  const name = path.replace(/\/$/, '');
  return shipped.some((file) => file === name || file.startsWith(`${name}/`));
}

describe('the pages in the package', () => {
  it('are the documentation and the examples', () => {
    for (const page of [
      'README.md',
      'CHANGELOG.md',
      'docs/troubleshooting.md',
      'docs/media/talk.svg',
      'examples',
    ])
      expect(
        shipped.some((file) => file === page || file.startsWith(`${page}/`)),
        page,
      ).toBe(true);
  });

  it.each(shipped.filter((path) => path.endsWith('.md')))('link to what ships: %s', (page) => {
    const text = read(page).replace(/^```[\s\S]*?^```$/gm, '');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target.replace(/#.*$/, ''))
      .filter((target) => target !== '' && !/^\w+:/.test(target))
      .map((target) => join(dirname(page), target));
    expect(targets.filter((target) => !ships(target))).toEqual([]);
  });

  it('are those that messages name', () => {
    const sources = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts'),
    );
    const named = sources.flatMap((name) =>
      [...read(join('src', name)).matchAll(/(?<![\w/])(?:docs|examples)\/[\w./-]*[\w/]/g)].map(
        ([path]) => [name, path] as const,
      ),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(([, path]) => !ships(path))).toEqual([]);
  });
});
