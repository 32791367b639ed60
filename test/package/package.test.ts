import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../built.js';

const require = createRequire(import.meta.url);

/** Another project that knows of this one what was published, and nothing else. */
let project = '';

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  try {
    return execFileSync(program, args, {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    // What the compiler complains about stands on standard output.
    const said = ['stdout', 'stderr'].map((stream) => String(Reflect.get(Object(error), stream))).join('');
    throw new Error(`${program} ${args.join(' ')} failed:\n${said}`, { cause: error });
  }
}

beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'voxterm-package-')));
  // Already built; what a release does beyond that concerns the native module only.
  const packed = execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', project],
    {
      cwd: packageRoot,
      encoding: 'utf8',
    },
  ).trim();
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'a-user', type: 'module', private: true }),
  );
  run('npm', [
    'install',
    '--ignore-scripts',
    '--omit=optional',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(project, packed),
  ]);
  cpSync(join(packageRoot, 'test/fixtures/package'), project, { recursive: true });
  // The user's own tools.
  for (const tool of ['typescript', '@types/node', 'undici-types']) {
    const from = dirname(require.resolve(`${tool}/package.json`));
    if (tool.startsWith('@types/')) execFileSync('mkdir', ['-p', join(project, 'node_modules/@types')]);
    symlinkSync(from, join(project, 'node_modules', tool));
  }
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the package, as another project sees it', () => {
  it('compiles against its published types alone', () => {
    expect(run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'])).toBe('');
  }, 120_000);

  it('runs what was compiled', () => {
    const said = run(process.execPath, ['user.js'], { VOXTERM_PROVIDER: 'local' });
    expect(JSON.parse(said)).toEqual({
      agents: ['triage', 'billing'],
      tools: ['transfer_to_billing', 'read_invoice'],
      said: 'Invoice 7 is over 12 euros.',
      roles: ['user', 'assistant'],
      exitCode: 0,
    });
  }, 60_000);

  it('names the lines of src in a stack trace', () => {
    const script =
      "import('voxterm').then(({ findProvider }) => findProvider('none')).catch(({ stack }) => console.log(stack))";
    const stack = run(process.execPath, ['--enable-source-maps', '-e', script]);
    const [, line] = /\/voxterm\/src\/providers\/registry\.ts:(\d+):\d+\)/.exec(stack) ?? [];
    const source = readFileSync(join(packageRoot, 'src/providers/registry.ts'), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('throw ');
  });

  it('shows no more of itself than the surface', () => {
    expect(() => run(process.execPath, ['-e', "import('voxterm/dist/session/session.js')"])).toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });
});
