import { execFileSync } from 'node:child_process';

/** End-to-end tests run the built program: build it once, before the first test. */
export function setup(): void {
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
}
