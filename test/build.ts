import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The project has built the program before its first test. */
    built?: true;
  }
}

/** Two projects build, and one build per run is enough. Each loads this file for itself, so the process remembers. */
const buildKey = Symbol.for('voxterm.test.build');

/** Builds the program once, before the first test that runs it. */
export function setup(project: TestProject): void {
  if (!Reflect.has(globalThis, buildKey)) {
    execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
    Reflect.set(globalThis, buildKey, true);
  }
  project.provide('built', true);
}
