import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalog } from '../../src/providers/catalog.js';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

it.each(catalog)('names the variables that $id reads', ({ id, keyVariables, variables = [] }) => {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` | \``)) ?? '';
  for (const variable of [...keyVariables, ...variables]) expect(row).toContain(`\`${variable}\``);
});
