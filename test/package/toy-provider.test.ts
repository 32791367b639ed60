import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../built.js';
import { OtherProject } from './other-project.js';

let project: OtherProject;

beforeAll(() => {
  project = new OtherProject();
  const installed = join(project.path, 'node_modules/voxterm');
  mkdirSync(installed, { recursive: true });
  // Unpacked, and its dependencies as they stand here: that needs no network.
  project.run('tar', ['-xzf', project.pack(), '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  project.link(...Object.keys(dependencies), 'typescript', '@types/node', 'undici-types', 'vitest');
  cpSync(join(packageRoot, 'test/fixtures/package-toy'), project.path, { recursive: true });
}, 120_000);

afterAll(() => project.remove());

describe('a provider in a package of its own', () => {
  it('compiles against the published types alone', () => {
    expect(project.run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'])).toBe('');
  }, 120_000);

  it('passes the contract, talks through `connect`, and has tests of tools and agents', () => {
    const report = project.run(process.execPath, [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=json',
    ]);
    const { numPassedTests, numTotalTests, testResults } = JSON.parse(report);
    expect(numPassedTests).toBe(numTotalTests);
    expect(testResults).toHaveLength(6);
    expect(numTotalTests).toBeGreaterThan(30);
  }, 120_000);
});
