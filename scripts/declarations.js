// Which declaration files a user of the library needs: those of the entry points, and those that they import.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Paths of all needed files, missing ones included. */
function needed(entries) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    if (!existsSync(path)) return;
    for (const [, module] of readFileSync(path, 'utf8').matchAll(
      /(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.js['"]/g,
    ))
      visit(normalize(join(dirname(path), `${module}.d.ts`)));
  };
  for (const entry of entries) visit(entry);
  return found;
}

/** Removes the other files. Returns false if a needed file is missing because an earlier build removed it. */
export function pruneDeclarations(dist) {
  const keep = needed(['index.d.ts', 'testing.d.ts'].map((name) => join(dist, name)));
  if ([...keep].some((path) => !existsSync(path))) return false;
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, name);
    if (path.endsWith('.d.ts') && !keep.has(path)) rmSync(path);
  }
  return true;
}
