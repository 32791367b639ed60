import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Text of modules by path below `src`. */
type Modules = ReadonlyMap<string, string>;

/** What a module imports or re-exports from the others, types and `import()` included. */
function importsOf(path: string, modules: Modules): string[] {
  const { importedFiles } = ts.preProcessFile(modules.get(path) ?? '', true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => posix.join(posix.dirname(path), fileName).replace(/\.js$/, '.ts'))
    .filter((imported) => modules.has(imported));
}

/** Groups of modules that reach each other: strongly connected components, found with Tarjan's algorithm. */
function importCycles(modules: Modules): string[][] {
  const cycles: string[][] = [];
  const order = new Map<string, number>();
  const path: string[] = [];

  /** Returns the earliest module on the current path that this one reaches. */
  function visit(module: string): number {
    const position = order.size;
    order.set(module, position);
    path.push(module);
    let earliest = position;
    for (const imported of importsOf(module, modules)) {
      if (!order.has(imported)) earliest = Math.min(earliest, visit(imported));
      else if (path.includes(imported)) earliest = Math.min(earliest, order.get(imported) ?? position);
    }
    if (earliest === position) {
      const group = path.splice(path.indexOf(module));
      if (group.length > 1) cycles.push(group.sort());
    }
    return earliest;
  }

  for (const module of modules.keys()) if (!order.has(module)) visit(module);
  return cycles;
}

function sourceModules(): Modules {
  const src = new URL('../src/', import.meta.url);
  const paths = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, src), 'utf8')]));
}

describe('import cycles', () => {
  it('do not exist in src, types included', () => {
    const modules = sourceModules();
    expect(modules.size).toBeGreaterThan(400);
    expect(importCycles(modules)).toEqual([]);
  });

  it.each([
    ['an import of a value', "import { b } from '../b/b.js';"],
    ['an import of a type', "import type { B } from '../b/b.js';"],
    ['an inline import of a type', "import { type B } from '../b/b.js';"],
    ['a dynamic import', "const load = () => import('../b/b.js');"],
    ['a type taken from a module', "let b: import('../b/b.js').B;"],
    ['a re-export', "export * from '../b/b.js';"],
  ])('are found when %s closes one', (_, statement) => {
    const modules = new Map([
      ['a/a.ts', statement],
      ['b/b.ts', "import { c } from './c.js';"],
      ['b/c.ts', "import type { A } from '../a/a.js';"],
      ['d.ts', "import { a } from './a/a.js';"],
    ]);
    expect(importCycles(modules)).toEqual([['a/a.ts', 'b/b.ts', 'b/c.ts']]);
  });

  it('are not seen where two modules import the same one', () => {
    const modules = new Map([
      ['a.ts', "import './b.js'; import './c.js';"],
      ['b.ts', "import './d.js';"],
      ['c.ts', "import './d.js'; import 'node:fs';"],
      ['d.ts', "// import './a.js'"],
    ]);
    expect(importCycles(modules)).toEqual([]);
  });
});
