import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../built.js';
import { OtherProject } from './other-project.js';

let project: OtherProject;

function run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): string {
  return project.run(program, args, env);
}

beforeAll(() => {
  project = new OtherProject();
  run('npm', [
    'install',
    '--ignore-scripts',
    '--omit=optional',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    project.pack(),
  ]);
  cpSync(join(packageRoot, 'test/fixtures/package'), project.path, { recursive: true });
  // The user's own tools.
  project.link('typescript', '@types/node', 'undici-types');
}, 120_000);

afterAll(() => project.remove());

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
