import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  // Those of other packages run there: test/package/toy-provider.test.ts.
  .filter((name) => !/^(clients|conformance|fixtures\/package-toy)\/|node_modules\//.test(name))
  .map((name) => `test/${name}`);

/** What vitest itself makes of the lists in vitest.config.ts. */
function listed(): { file: string; projectName: string }[] {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { VITEST: _vitest, ...env } = process.env;
  const list = execFileSync(process.execPath, [vitest, 'list', '--filesOnly', '--json'], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  return JSON.parse(list);
}

describe('the projects of vitest.config.ts', () => {
  it('run every test file, each in exactly one project', () => {
    const found = listed().map(({ file }) => file.slice(root.length));
    expect(found.sort()).toEqual(files.filter((name) => /\.test\.[cm]?[jt]sx?$/.test(name)).sort());
  });

  it('know from one place where the build is', () => {
    const knowing = files
      .filter((name) => /\.m?[jt]s$/.test(name) && name !== 'test/repository/test-projects.test.ts')
      .filter((name) => /bin\/voxterm\.js|\.\.\/dist\//.test(readFileSync(join(root, name), 'utf8')));
    expect(knowing).toEqual(['test/built.ts']);
  });

  it('build nothing for `unit`, and refuse a test there that runs the built program', async () => {
    await expect(import('../built.js')).rejects.toThrow('add its file to `program` in vitest.config.ts');
  });
});
