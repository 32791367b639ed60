import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const hooks = fileURLToPath(new URL('../typescript-hooks.mjs', import.meta.url));
const guard = new URL('../../src/cli/process-guard.ts', import.meta.url).href;

/** Runs these lines in a process of their own, under a guard. */
function guarded(lines: string) {
  const script = `import { ProcessGuard } from ${JSON.stringify(guard)};
    const guard = new ProcessGuard((error) => { process.stderr.write('told ' + error.message); return 1; });
    ${lines}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', hooks, '--input-type=module', '-e', script],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('ProcessGuard', () => {
  it.each([
    ['an exception', "setTimeout(() => { throw new Error('late'); }, 1);"],
    ['a rejection', "Promise.reject(new Error('late'));"],
  ])('tells %s nobody caught, restores the terminal and exits with 1', (_what, lines) => {
    const run = guarded(
      `process.on('exit', () => process.stdout.write('restored')); ${lines} setInterval(() => {}, 1000);`,
    );
    expect(run).toMatchObject({ status: 1, stdout: 'restored', stderr: 'told late' });
  });

  /** Prints how long the process lived after its command was done. */
  const watched =
    "const doneMs = performance.now(); process.on('exit', () => console.log(performance.now() - doneMs));";

  it('lets the event loop drain', () => {
    const { status, stdout } = guarded(`${watched} guard.finish(9); setTimeout(() => {}, 50);`);
    expect(status).toBe(9);
    expect(Number(stdout)).toBeGreaterThan(45);
    expect(Number(stdout)).toBeLessThan(1900);
  });

  it('ends what does not end by itself, with the same exit code', () => {
    const { status, stdout } = guarded(`${watched} guard.finish(4); setInterval(() => {}, 1000);`);
    expect(status).toBe(4);
    expect(Number(stdout)).toBeGreaterThan(1900);
  });
});
