import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { builtFile } from '../../built.js';

function shipped(name: string): string {
  return readFileSync(builtFile(`tools/mcp/${name}`), 'utf8');
}

it('the MCP client that is shipped needs no other package', () => {
  const code = shipped('sdk.js');
  const imported = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'`]([^"'`]+)["'`]/g)].map(
    ([, name]) => name,
  );
  expect(imported).toContain('zod/v4');
  expect(imported.filter((name) => name !== 'zod/v4' && name?.startsWith('node:') !== true)).toEqual([]);
  expect(code.length).toBeLessThan(300_000);
  expect(code).not.toContain('console.');
});

it('the licences of its packages are shipped with it', () => {
  const licences = shipped('sdk.LICENSES.txt');
  expect(licences).toMatch(/^@modelcontextprotocol\/client \d/m);
  expect(licences).toContain('Apache License');
  expect(licences).toContain('Permission is hereby granted');
});
