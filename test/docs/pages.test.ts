import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { configSchema } from '../../src/config/schema.js';
import { lineSchema } from '../../src/terminal/ndjson-schema.js';
import { memoryIo } from '../commands/session/memory-io.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  const headings = [...page.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the pages', () => {
  it.each(pages)('link to what is there: %s', (page) => {
    const text = read(page).replace(/^```[\s\S]*?^```$/gm, '');
    const missing = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^\w+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? page : join(dirname(page), file);
        return (
          !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(read(path)).includes(anchor))
        );
      });
    expect(missing).toEqual([]);
  });

  it('name every event and every field of --json', () => {
    const rows = read('docs/ndjson.md').split('\n');
    const afterTable = rows.slice(rows.findIndex((row) => row.startsWith('| `result`'))).join('\n');
    for (const { shape } of lineSchema.options) {
      const type = shape.type.value;
      const row =
        type === 'result' ? afterTable : (rows.find((line) => line.startsWith(`| \`${type}\``)) ?? '');
      for (const field of Object.keys(shape).filter((name) => name !== 'type' && name !== 'at'))
        expect(row, `${type}: ${field}`).toContain(`\`${field}`);
    }
  });

  it('name every command and flag', () => {
    const page = read('docs/command-line.md');
    const program = createProgram(memoryIo({}).io, () => {});
    for (const command of program.commands) {
      expect(page, command.name()).toMatch(new RegExp(`\`${command.name()}[\` ]`));
      for (const { long } of command.options)
        expect(page, `${command.name()} ${long}`).toContain(`\`${long}`);
    }
    for (const { long } of program.options)
      expect(page, String(long)).toMatch(new RegExp(`[\` ]${long}[\` ]|, \`${long}`));
  });

  it('name every setting', () => {
    const page = read('docs/configuration.md');
    for (const key of Object.keys(configSchema.shape).filter((name) => name !== '$schema'))
      expect(page, key).toMatch(new RegExp(`\`${key}[\`.]`));
  });
});
