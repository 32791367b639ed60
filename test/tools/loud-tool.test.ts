import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { program } from '../built.js';

const folder = mkdtempSync(join(tmpdir(), 'voxterm-loud-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a tool that logs does not write between the results on standard output', () => {
  const tool = join(folder, 'loud.mjs');
  writeFileSync(
    tool,
    `console.log('imported');
     export default { name: 'shout', description: 'Shouts.', execute() { console.info('called'); return 'done'; } };`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'ask', '--provider', 'local', '--text', 'call shout', '--tool', tool, '--expect-tool', 'shout'],
    { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder } },
  );
  expect(status).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual(['you', 'tool', 'voxterm', '']);
  expect(stderr).toContain('imported');
  expect(stderr).toContain('called');
});
